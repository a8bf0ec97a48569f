import { CipherKey, createCipheriv, createDecipheriv } from 'node:crypto';
import { randomBytesFromPool } from '@hark/kernel';

/** A personal text, encrypted: `v1.<personId>.<iv>.<ciphertext and tag>`, the latter two in base64url. */
export type Sealed = string;

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const form = /^v1\.([0-9a-f-]{36})\.([\w-]{16})\.([\w-]*)$/;

const sealedAnywhere = /"v1\.([0-9a-f-]{36})\.[\w-]{16}\.[\w-]*"/g;

/** The persons whose sealed texts are anywhere in an event's data, given as JSON. */
export const personsSealedIn = (json: string): string[] =>
  [...json.matchAll(sealedAnywhere)].map(([, personId]) => personId!);

/** Encrypts under `key` with a fresh nonce; decryption needs the same `aad`. A `KeyObject` is five times as fast as bytes. */
export function encrypt(key: CipherKey, plain: Buffer, aad: string): { iv: Buffer; data: Buffer } {
  const iv = randomBytesFromPool(ivBytes);
  const sealing = createCipheriv(cipher, key, iv).setAAD(Buffer.from(aad));
  return { iv, data: Buffer.concat([sealing.update(plain), sealing.final(), sealing.getAuthTag()]) };
}

/** The plain bytes; throws when key, `aad` or bytes differ from those of the encryption. */
export function decrypt(key: CipherKey, iv: Buffer, data: Buffer, aad: string): Buffer {
  const body = data.subarray(0, data.length - tagBytes);
  const opening = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(aad));
  opening.setAuthTag(data.subarray(data.length - tagBytes));
  return Buffer.concat([opening.update(body), opening.final()]);
}

/** The text form. */
export const format = (personId: string, iv: Buffer, data: Buffer): Sealed =>
  `v1.${personId}.${iv.toString('base64url')}.${data.toString('base64url')}`;

/** The parts of the text form; undefined for any other text. */
export function parse(sealed: Sealed): { personId: string; iv: Buffer; data: Buffer } | undefined {
  const match = form.exec(sealed);
  if (!match) return undefined;
  const [, personId, iv, data] = match as unknown as [string, string, string, string];
  return { personId, iv: Buffer.from(iv, 'base64url'), data: Buffer.from(data, 'base64url') };
}
