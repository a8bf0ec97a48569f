import { HarkError } from '@hark/kernel';
import type { FastifyInstance } from 'fastify';
import { header } from './request-facts';
import { readStrictJson } from './strict-json';

/** The largest body, in bytes. */
export const bodyBytesMax = 65_536;

/**
 * Reads every body as strict JSON (`strict-json.ts`) of at most 64 KiB: through one parser for all types, so that none slips
 * past the checks. Encodings and other types are refused; a body of no type, or of the one that curl and fetch put in
 * unasked, is taken for JSON all the same. An empty body is no body.
 */
export function readBodiesAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (request, bytes, done) => {
    try {
      const encoding = header(request.headers, 'content-encoding');
      if (encoding !== undefined && encoding !== 'identity') {
        throw new HarkError('invalid', 'request.encoding', 'the body is encoded');
      }
      if (bytes.length > 0 && !isJson(header(request.headers, 'content-type'))) {
        throw new HarkError('invalid', 'request.content-type', 'the body is of another type');
      }
      done(null, bytes.length === 0 ? undefined : readStrictJson(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

const jsonPattern = /^(?:application\/(?:[\w.-]+\+)?json|application\/x-www-form-urlencoded|text\/plain)\s*(?:;|$)/i;
const otherCharsetPattern = /;\s*charset\s*=\s*(?!"?utf-8"?\s*(?:;|$))/i;

const isJson = (type: string | undefined): boolean =>
  type === undefined || type === '' || (jsonPattern.test(type) && !otherCharsetPattern.test(type));
