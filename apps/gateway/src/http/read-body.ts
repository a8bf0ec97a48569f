import type { FastifyInstance } from 'fastify';
import { HarkError } from '@hark/kernel';
import { payloadBytesMax } from '@hark/nats';
import { PlainBody } from './plain-body';
import { header } from './request-headers';
import { jsonNamesMax, JsonRules, readStrictJson } from './strict-json';

/** The largest body, in bytes. */
export const bodyBytesMax = 65_536;
/** The same of a batch. It fits a message of NATS, though it is not sent in one. */
export const batchBytesMax = payloadBytesMax;

/** How the body of a route's requests is read; stands in Fastify's `config` of the route. */
export interface BodyConfig {
  readonly json?: JsonRules;
}
const ordinary: JsonRules = { namesMax: jsonNamesMax };
/** A batch has at most 1000 pushes of 16 fields. Each is checked by itself, and so are its strings. */
export const batchJson: JsonRules = { namesMax: 16 * jsonNamesMax, leaveBrokenStrings: true };

/**
 * Reads every body of at most 64 KiB, or the route's own limit, through one parser for all types, so that none avoids the checks. JSON is read
 * strictly (`strict-json.ts`); a body without a type is read as JSON. Form and plain text are types that curl and fetch
 * set by themselves: a body of these that begins like an object is JSON all the same, any other is a `PlainBody`.
 * Encodings and other types are refused. An empty body is none.
 */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (request, bytes, done) => {
    try {
      const encoding = header(request.headers, 'content-encoding');
      if (encoding !== undefined && encoding !== 'identity') {
        throw new HarkError('invalid', 'request.encoding', 'the body is encoded');
      }
      done(
        null,
        bytes.length === 0
          ? undefined
          : bodyIn(
              bytes as Buffer,
              header(request.headers, 'content-type') ?? '',
              (request.routeOptions.config as BodyConfig).json ?? ordinary,
            ),
      );
    } catch (error) {
      done(error as Error);
    }
  });
}

const jsonPattern = /^(?:(?:application|text)\/(?:[\w.-]+\+)?json\s*(?:;|$)|\s*$)/i;
const formPattern = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const textPattern = /^text\/plain\s*(?:;|$)/i;
/** JSON is UTF-8 whatever the parameter says (RFC 8259 8.1 and 11), so another charset is refused. */
const otherCharsetPattern = /;\s*charset\s*=\s*(?!"?(?:utf-?8|us-ascii)?"?\s*(?:;|$))/i;

function bodyIn(bytes: Uint8Array, type: string, rules: JsonRules): unknown {
  const isJson = jsonPattern.test(type);
  const isForm = formPattern.test(type);
  if (!(isJson || isForm || textPattern.test(type)) || otherCharsetPattern.test(type)) {
    throw new HarkError('invalid', 'request.content-type', 'the body is of another type');
  }
  if (isJson || beginsLikeAnObject(bytes)) return readStrictJson(bytes, rules);
  const text = textIn(bytes);
  return new PlainBody(text, isForm);
}

const byteOrderMark = 0xef;
const openBrace = 0x7b;

function beginsLikeAnObject(bytes: Uint8Array): boolean {
  let at = bytes[0] === byteOrderMark ? 3 : 0;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return bytes[at] === openBrace;
}

function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HarkError('invalid', 'request.not-text', 'the body is not UTF-8');
  }
}
