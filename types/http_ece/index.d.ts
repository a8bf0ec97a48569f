import type { ECDH } from 'node:crypto';

/** Encrypted content encoding for HTTP (RFC 8188), as far as Web Push uses it; the package brings no types. */
interface Parameters {
  readonly version: 'aes128gcm';
  readonly privateKey: ECDH;
  /** The reader's public key; when decrypting it stands in the message. */
  readonly dh?: string;
  readonly authSecret: string;
  /** 16 bytes; random ones when absent. */
  readonly salt?: Buffer;
}
export function encrypt(text: Buffer, parameters: Parameters): Buffer;
export function decrypt(message: Buffer, parameters: Parameters): Buffer;
