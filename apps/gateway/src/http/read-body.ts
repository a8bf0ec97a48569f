import { HarkError } from '@hark/kernel';
import { readJson } from '@hark/nats';
import type { FastifyInstance } from 'fastify';
import { header } from './request-facts';

/** The largest body, in bytes. */
export const bodyBytesMax = 65_536;

/**
 * Reads every body as JSON whatever its Content-Type says, so that no type slips past the checks: no encodings, at most
 * 64 KiB, valid UTF-8, at most 32 levels deep. An empty body is no body.
 */
export function readBodiesAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (request, bytes, done) => {
    try {
      const encoding = header(request.headers, 'content-encoding');
      if (encoding !== undefined && encoding !== 'identity') {
        throw new HarkError('invalid', 'request.encoding', 'the body is encoded');
      }
      done(null, bytes.length === 0 ? undefined : readJson(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Fastify's own refusals of a body, as ours. */
export function bodyErrorOf(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HarkError('invalid', 'request.too-large', 'the body is too large', { extra: { max: bodyBytesMax } });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new HarkError('invalid', 'request.not-json', 'the request cannot be read');
    default:
      return error;
  }
}
