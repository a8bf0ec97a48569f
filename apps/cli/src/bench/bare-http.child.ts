import { FastifyAdapter } from '@nestjs/platform-fastify';
import { uuid7 } from '@hark/kernel';
import { runAsChild } from './child-main';

// The least that a POST can cost: the hub's own HTTP server, JSON in, an id out, nothing in between.
runAsChild(async () => {
  const server = new FastifyAdapter().getInstance();
  server.post('/v1/pushes', (_request, reply) => reply.code(202).send({ id: uuid7(), status: 'accepted' }));
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url, close: () => server.close() };
});
