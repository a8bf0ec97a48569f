import { createCipheriv, randomBytes } from 'node:crypto';

/** How the person's Bark app decrypts; the app is set to the same three values (Bark docs: Encryption). */
export interface BarkEncryption {
  readonly algorithm: 'AES128' | 'AES192' | 'AES256';
  readonly mode: 'CBC' | 'ECB' | 'GCM';
  /** 16, 24 or 32 ASCII characters, used as they are. */
  readonly key: string;
}

/** Characters in a key of each algorithm. */
export const barkKeyCharacters: Readonly<Record<BarkEncryption['algorithm'], number>> = {
  AES128: 16,
  AES192: 24,
  AES256: 32,
};

/** A fresh IV: 16 (CBC) or 12 (GCM) ASCII characters, because the app uses the characters themselves as bytes. */
export function freshBarkIv(mode: BarkEncryption['mode']): string {
  if (mode === 'ECB') return '';
  return randomBytes(mode === 'GCM' ? 9 : 12).toString('base64url');
}

/** The encrypted plaintext in the form Bark's app reads: base64; with GCM the 16-byte tag stands at the end. */
export function encryptForBark(plaintext: string, { algorithm, mode, key }: BarkEncryption, iv: string): string {
  const bits = algorithm.slice(3);
  const [keyBytes, ivBytes] = [Buffer.from(key, 'ascii'), Buffer.from(iv, 'ascii')];
  if (mode === 'GCM') {
    const cipher = createCipheriv(`aes-${bits as '128' | '192' | '256'}-gcm`, keyBytes, ivBytes);
    return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }
  const cipher = createCipheriv(`aes-${bits}-${mode.toLowerCase()}`, keyBytes, mode === 'ECB' ? null : ivBytes);
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64');
}
