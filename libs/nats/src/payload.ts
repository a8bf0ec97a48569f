import { HarkError } from '@hark/kernel';

/** How deep arrays and objects may nest in what a request carries. A deeper document parses, but overflows a later writer. */
export const payloadDepthMax = 32;
/** The largest request, in bytes; NATS servers allow 1 MiB by default. */
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
 * Everything else (no bytes, bad UTF-8, bad JSON, more than 32 levels, a NUL or half a surrogate pair in a text, which
 * Postgres could never store) throws `invalid` `request.malformed` before anything is made of it. Throws nothing else.
 */
export function readPayload(bytes: Uint8Array): RequestPayload {
  if (bytes.length === 0) throw malformed('the request is empty');
  if (bytes.length > payloadBytesMax) throw malformed('the request is too large');
  const depth = scan(bytes);
  const document = parseJson(bytes);
  if (isEnvelope(document)) {
    if (depth > payloadDepthMax + 1) throw tooDeep();
    return { id: document.id, data: document.data };
  }
  if (depth > payloadDepthMax) throw tooDeep();
  return { data: document };
}

/** The bytes of a request in Nest's envelope. `subject` and `id` are ours and hold nothing that needs escaping. */
export function writePayload(subject: string, id: string, data: unknown): string {
  return `{"pattern":"${subject}","id":"${id}","data":${JSON.stringify(data ?? null)}}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    // Not kept as the cause: V8 quotes the text, and the text may be personal.
    throw malformed('the request is not JSON in UTF-8');
  }
}

function isEnvelope(document: unknown): document is { id: string; data: unknown } {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false;
  return Object.hasOwn(document, 'pattern') && 'id' in document && typeof document.id === 'string';
}

const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;

/** The depth of a JSON text, read off its bytes without building anything. Stops at the first thing that is not allowed. */
function scan(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === quote) inText = false;
      else if (byte === backslash) at += escapeLength(bytes, at);
    } else if (byte === quote) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      deepest = Math.max(deepest, ++depth);
      if (deepest > payloadDepthMax + 1) throw tooDeep();
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}

/** How many bytes after the backslash belong to the escape. JSON.parse finds the malformed ones. */
function escapeLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== letterU) return 1;
  const unit = hexAt(bytes, at + 2);
  if (unit === 0) throw malformed('a text holds a NUL');
  if (unit >= 0xdc00 && unit <= 0xdfff) throw malformed('a text holds half a surrogate pair');
  if (unit < 0xd800 || unit > 0xdbff) return 5;
  const second = bytes[at + 6] === backslash && bytes[at + 7] === letterU ? hexAt(bytes, at + 8) : 0;
  if (second < 0xdc00 || second > 0xdfff) throw malformed('a text holds half a surrogate pair');
  return 11;
}

/** Four hex digits as a number; -1 when they are not four hex digits. */
function hexAt(bytes: Uint8Array, at: number): number {
  const text = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
  return /^[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text, 16) : -1;
}

const malformed = (message: string) => new HarkError('invalid', 'request.malformed', message);
const tooDeep = () => malformed(`the request nests deeper than ${payloadDepthMax} levels`);
