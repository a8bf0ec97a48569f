import { HarkError } from '@hark/kernel';

/**
 * How deep arrays and objects may nest in a request. A deeper document parses, but overflows the stack when written
 * again.
 */
export const payloadDepthMax = 32;
/** The largest request in bytes: nats-server's default `max_payload` is 1 MiB. */
export const payloadBytesMax = 1_048_576;

/** What a request carries: Nest's correlation id, if it came in Nest's envelope, and the data. */
export interface RequestPayload {
  readonly id?: string;
  readonly data: unknown;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's bytes: Nest's `{ pattern, data, id }`, or any other JSON document, which is then the data itself.
 *
 * Throws only `invalid`: `request.not-json` (also for no bytes and bad UTF-8), `request.too-deep` or
 * `request.too-large`, before the document is used.
 */
export function readPayload(bytes: Uint8Array): RequestPayload {
  const depth = checkedDepth(bytes, payloadDepthMax + 1);
  const document = parseJson(bytes);
  if (isEnvelope(document)) return { id: document.id, data: document.data };
  if (depth > payloadDepthMax) throw tooDeep();
  return { data: document };
}

/** Reads any JSON document under the same bounds, for callers without NATS; throws the same and nothing else. */
export function readJson(bytes: Uint8Array): unknown {
  checkedDepth(bytes, payloadDepthMax);
  return parseJson(bytes);
}

function checkedDepth(bytes: Uint8Array, depthMax: number): number {
  if (bytes.length === 0) throw notJson();
  if (bytes.length > payloadBytesMax) throw tooLarge();
  const depth = scan(bytes);
  if (depth > depthMax) throw tooDeep();
  return depth;
}

/** The bytes of a request in Nest's envelope. `subject` and `id` are our own and need no escaping. */
export function writePayload(subject: string, id: string, data: unknown): string {
  return `{"pattern":"${subject}","id":"${id}","data":${JSON.stringify(data ?? null)}}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    // The cause is dropped: V8's message quotes the text, which may be personal.
    throw notJson();
  }
}

function isEnvelope(document: unknown): document is { id: string; data: unknown } {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false;
  return Object.hasOwn(document, 'pattern') && 'id' in document && typeof document.id === 'string';
}

const quote = 0x22;
const backslash = 0x5c;

/** The depth of a JSON text, found without parsing it. For bytes that are not JSON the result means nothing. */
function scan(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === quote) inText = false;
      else if (byte === backslash) at++;
    } else if (byte === quote) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      deepest = Math.max(deepest, ++depth);
      if (deepest > payloadDepthMax + 1) throw tooDeep();
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}

const notJson = () => new HarkError('invalid', 'request.not-json', 'the request is not JSON in UTF-8');
const tooDeep = () =>
  new HarkError('invalid', 'request.too-deep', `the request nests deeper than ${payloadDepthMax} levels`);
const tooLarge = () =>
  new HarkError('invalid', 'request.too-large', 'the request is too large', { extra: { max: payloadBytesMax } });
