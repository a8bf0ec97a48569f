import { HarkError } from '@hark/kernel';
import type { FastifyInstance } from 'fastify';
import { header } from './request-facts';
import { readStrictJson } from './strict-json';

/** The largest body, in bytes. */
export const bodyBytesMax = 65_536;

/**
 * Reads every body as JSON whatever its Content-Type says, so that no type slips past the checks: no encodings, at most
 * 64 KiB, strict (`strict-json.ts`). An empty body is no body.
 */
export function readBodiesAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (request, bytes, done) => {
    try {
      const encoding = header(request.headers, 'content-encoding');
      if (encoding !== undefined && encoding !== 'identity') {
        throw new HarkError('invalid', 'request.encoding', 'the body is encoded');
      }
      done(null, bytes.length === 0 ? undefined : readStrictJson(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}
