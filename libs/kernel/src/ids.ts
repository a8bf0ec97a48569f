import { createHash } from 'node:crypto';
import { HarkError } from './hark-error';
import { randomBytesFromPool } from './random-bytes';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUID in canonical lower-case text form. Only such ids may touch a stream name or a NATS subject. */
export const isUuid = (text: unknown): text is string => typeof text === 'string' && uuidPattern.test(text);

/** The id unchanged, or `not-found` with `code`: a malformed id is answered exactly like one that does not exist. */
export function parseId(id: unknown, code: `${string}.${string}`): string {
  if (isUuid(id)) return id;
  throw new HarkError('not-found', code, 'the id is not one of ours');
}

/** Name-based UUID version 5 (RFC 9562 section 5.5): the same namespace and name give the same id, everywhere, for ever. */
export function uuid5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  return format(hash.subarray(0, 16), 0x50);
}

/** Time-ordered UUID version 7 (RFC 9562 section 5.7). Not for domain code: it reads the clock and randomness. */
export function uuid7(nowMs: number = Date.now()): string {
  const bytes = randomBytesFromPool(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  return format(bytes, 0x70);
}

/**
 * The id that lies `count` behind this one: only its last 12 digits differ. Ids that are made together then lie together in
 * every index, which random ones do not.
 */
export const idAfter = (id: string, count: number): string =>
  id.slice(0, -12) + ((parseInt(id.slice(-12), 16) + count) % 2 ** 48).toString(16).padStart(12, '0');

/** The 16 leading bytes of a hash or HMAC as a version 8 UUID (RFC 9562 section 5.8). */
export const uuidFromHash = (hash: Uint8Array): string => format(Buffer.from(hash.subarray(0, 16)), 0x80);

function format(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
