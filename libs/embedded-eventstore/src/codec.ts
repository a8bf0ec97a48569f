import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';

const ticksPerMs = 10_000n;
const plainUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The wire's "no such position" and "end": −1 as an unsigned 64-bit integer. */
export const MAXU64 = '18446744073709551615';

/** How a reader wants ids written. */
export type UuidForm = 'string' | 'structured';

/** 100-nanosecond ticks since the Unix epoch, as the wire wants a time. */
export const createdTicks = (createdMs: number): string => String(BigInt(createdMs) * ticksPerMs);

/** Only the two values the server itself gives back; what a writer claimed beyond JSON or not is not kept. */
export const contentType = (isJson: boolean): string => (isJson ? 'application/json' : 'application/octet-stream');

/** Bytes as UTF-8 text; what is none becomes replacement characters. */
export const textOf = (bytes: Uint8Array): string => bufferOf(bytes).toString('utf8');

/** A stream's name as the wire carries it: UTF-8 bytes. */
export const streamIdentifier = (streamId: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(streamId, 'utf8'));

/** The name in an identifier; the empty text when it is absent, which no stream may be called. */
export const streamName = (identifier: StreamIdentifier | undefined): string =>
  identifier === undefined ? '' : bufferOf(identifier.getStreamName_asU8()).toString('utf8');

/** A canonical id as the message the reader asked for: text, or two signed big-endian halves. */
export function writeUuid(id: string, form: UuidForm): UUID {
  if (form === 'string') return new UUID().setString(id);
  const bytes = uuidBytes(id);
  const halves = new UUID.Structured();
  halves.setMostSignificantBits(String(bytes.readBigInt64BE(0)));
  halves.setLeastSignificantBits(String(bytes.readBigInt64BE(8)));
  return new UUID().setStructured(halves);
}

/** An id from the wire in lower case with dashes, or `undefined` when it is absent or no UUID at all. */
export function readUuid(message: UUID | undefined): string | undefined {
  if (message === undefined) return undefined;
  if (!message.hasStructured()) return normalUuid(message.getString());
  const halves = message.getStructured();
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(halves?.getMostSignificantBits() ?? 0)), 0);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(halves?.getLeastSignificantBits() ?? 0)), 8);
  return uuidText(bytes);
}

/** A UUID in any of the spellings .NET accepts (upper case, no dashes, braces), in canonical form. */
export function normalUuid(text: string): string | undefined {
  if (plainUuid.test(text)) return text;
  const bare = text.trim().replace(/^([{(])(.*)[})]$/, '$2');
  const digits = bare.includes('-') ? bare.toLowerCase() : dashed(bare.toLowerCase());
  return plainUuid.test(digits) ? digits : undefined;
}

/** The 16 bytes of a canonical id. */
export const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The canonical id of 16 bytes. */
export const uuidText = (bytes: Uint8Array): string => dashed(bufferOf(bytes).toString('hex'));

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
