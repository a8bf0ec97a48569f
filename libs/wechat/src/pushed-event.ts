import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { WechatError } from './wechat-error';

/** Who receives what WeChat pushes to the mini program's server (WeChat docs: 消息推送 / message push). */
export interface EventReceiver {
  readonly appId: string;
  /** The Token that the operator set at WeChat. */
  readonly token: string;
  /** The EncodingAESKey, 43 characters: WeChat then encrypts what it pushes. Without it WeChat pushes in clear. */
  readonly aesKey?: string | undefined;
}

/** What stands in the address that WeChat calls. */
export interface EventSignature {
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
}

const blockBytes = 32;
const ivBytes = 16;
const randomBytes = 16;
const lengthBytes = 4;

/**
 * True when `signature` is WeChat's: hex SHA-1 of token, time, nonce and what else is signed, sorted as plain strings. In
 * clear a push's body is not among them; encrypted it is (`Encrypt`).
 */
export function isEventSigned(
  { token }: Pick<EventReceiver, 'token'>,
  { timestamp, nonce, signature }: EventSignature,
  ...more: readonly string[]
): boolean {
  // Sorted by UTF-16 units, as `sort` does; all that WeChat signs is ASCII.
  const text = [token, timestamp, nonce, ...more].sort().join('');
  const expected = createHash('sha1').update(text, 'utf8').digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Opens what WeChat encrypted (AES-256-CBC, PKCS#7 by 32 bytes; 16 random bytes, the length, the text, the appId). Throws
 * `WechatError` where the key does not open it, or it is another mini program's.
 */
export function openEvent({ appId, aesKey = '' }: EventReceiver, encrypted: string): Readonly<Record<string, unknown>> {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (key.length !== blockBytes || bytes.length === 0 || bytes.length % blockBytes !== 0) throw unreadable();
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, ivBytes)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const padding = padded.at(-1)!;
  if (padding < 1 || padding > blockBytes) throw unreadable();
  const plain = padded.subarray(randomBytes, padded.length - padding);
  if (plain.length < lengthBytes) throw unreadable();
  const end = lengthBytes + plain.readUInt32BE(0);
  if (end > plain.length || plain.subarray(end).toString('utf8') !== appId) throw unreadable();
  return objectIn(plain.subarray(lengthBytes, end).toString('utf8'));
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // told below
  }
  throw unreadable();
}

const unreadable = () => new WechatError('BAD_REQUEST', 'event decrypt');
