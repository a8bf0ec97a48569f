import type { FastifyReply } from 'fastify';
import { Reply } from '@hark/contracts';
import { Route } from '../routes/route';
import { Problem } from './problem';

/** Answers as the row says, with the headers that a write or a repeat has. */
export function writeAnswer(reply: FastifyReply, row: Route, answer: Reply<unknown>): FastifyReply {
  if (answer.position) reply.header('hark-position', answer.position);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  if (row.location) reply.header('location', row.location(answer.body as Record<string, unknown>));
  if (row.cacheSeconds !== undefined) reply.header('cache-control', `public, max-age=${row.cacheSeconds}`);
  if (row.status === 204) return reply.send();
  if (row.text) return reply.header('content-type', 'text/plain; charset=utf-8').send(String(answer.body));
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.body ?? null));
}

/** Answers with a problem document, and the headers that its status wants. */
export function writeProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfter } = problem;
  if (status === 503 || status === 429) reply.header('retry-after', String(Math.ceil(Number(retryAfter)) || 1));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.code === 'request.too-many-guesses') reply.headers(guessHeaders(problem));
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

/** Wrong tries have a limit of their own, which is told in place of the address's. */
const guessHeaders = ({ free, retryAfter }: Problem): Record<string, string> => ({
  'ratelimit-policy': `"guesses";q=${Number(free)};w=3600`,
  ratelimit: `"guesses";r=0;t=${Number(retryAfter)}`,
});
