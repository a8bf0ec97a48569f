import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { WechatError } from './wechat-error';

/** Data that WeChat encrypted for the mini program's server; the client cannot read it. */
export interface EncryptedUserData {
  readonly encryptedData: string;
  readonly iv: string;
  readonly sessionKey: string;
}

/** What the plaintext's watermark must say. */
export interface UserDataChecks {
  readonly appId: string;
  /** The present time; with `maxAgeMs` it bounds the age of the data. */
  readonly nowMs: number;
  /** Default ten minutes; `Infinity` accepts any age. */
  readonly maxAgeMs?: number;
}

const encryptedCharactersMax = 16 * 1024;
const maxAgeMsDefault = 10 * 60_000;
const skewMs = 5 * 60_000;
const keyBytes = 16;

/**
 * Decrypts `encryptedData` (AES-128-CBC under the session key; WeChat docs: 服务端获取开放数据) and checks its watermark. Throws
 * `WechatError` with the detail `user-data decrypt` where the key does not open it, and `user-data watermark` where it is of
 * another mini program, old, or from the future. Only the person whose session key it is can ask, so the difference helps
 * no forger.
 */
export function decryptUserData(data: EncryptedUserData, checks: UserDataChecks): Readonly<Record<string, unknown>> {
  const plain = open(data);
  const watermark = plain?.['watermark'];
  if (plain === null) throw unreadable('decrypt');
  if (typeof watermark !== 'object' || watermark === null) throw unreadable('watermark');
  const { appid, timestamp } = watermark as Record<string, unknown>;
  if (appid !== checks.appId || typeof timestamp !== 'number') throw unreadable('watermark');
  const ageMs = checks.nowMs - timestamp * 1_000;
  if (ageMs > (checks.maxAgeMs ?? maxAgeMsDefault) || ageMs < -skewMs) throw unreadable('watermark');
  return plain;
}

/** True when `signature` is WeChat's for exactly this `rawData`: hex SHA-1 of the data and the session key. */
export function isRawDataGenuine(rawData: string, sessionKey: string, signature: string): boolean {
  const expected = createHash('sha1')
    .update(rawData + sessionKey, 'utf8')
    .digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * The signature that calls about a session carry (WeChat docs: checkSessionKey): HMAC-SHA256 whose key is the base64
 * text itself, not decoded.
 */
export const sessionSignature = (sessionKey: string, message = ''): string =>
  createHmac('sha256', sessionKey).update(message).digest('hex');

const unreadable = (step: 'decrypt' | 'watermark') => new WechatError('BAD_REQUEST', `user-data ${step}`);

function open({ encryptedData, iv, sessionKey }: EncryptedUserData): Record<string, unknown> | null {
  if (encryptedData.length > encryptedCharactersMax) return null;
  const [key, vector] = [Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64')];
  if (key.length !== keyBytes || vector.length !== keyBytes) return null;
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, vector);
    const text = Buffer.concat([decipher.update(encryptedData, 'base64'), decipher.final()]).toString('utf8');
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
