import { createHmac } from 'node:crypto';
import { credentialMatches } from '@hark/credentials';

/** How long a code counts, in seconds, and how many digits it has: what every authenticator app takes (RFC 6238, 4 and 5.2). */
export const stepSeconds = 30;
export const codeDigits = 6;
/** Bytes of a secret: the length of SHA-1's output (RFC 4226, 4, requirement 6). */
export const secretBytes = 20;
/** How many steps a clock may be off, either way (RFC 6238, 5.2 recommends one). */
const driftSteps = 1;

/** The step that a moment lies in. */
export const stepOf = (nowMs: number): number => Math.floor(nowMs / 1_000 / stepSeconds);

/** The code of a step: HOTP (RFC 4226, 5.3) with the step as its counter. */
export function codeOf(secret: Uint8Array, step: number, digits: number = codeDigits, hash = 'sha1'): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(hash, secret).update(counter).digest();
  const offset = mac.at(-1)! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, of the present one and those beside it; undefined when it is none of them. */
export function matchingStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const now = stepOf(nowMs);
  const steps = Array.from({ length: 2 * driftSteps + 1 }, (_, i) => now - driftSteps + i).filter((step) => step >= 0);
  // All are compared, so that the time taken does not say which one it was.
  const matching = steps.filter((step) => credentialMatches(code, codeOf(secret, step)));
  return matching.at(-1);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding (RFC 4648, 6), as authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What an authenticator app reads from a QR code (Key Uri Format, google/google-authenticator wiki). */
export const otpauthUri = (secret: string, account: string): string =>
  `otpauth://totp/Hark:${encodeURIComponent(account)}?secret=${secret}&issuer=Hark` +
  `&algorithm=SHA1&digits=${codeDigits}&period=${stepSeconds}`;
