import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '@hark/kernel';

/**
 * `key` is a binding's (`hk_…`), `app` an app's secret (`has_…`), `refresh` a session's refresh token (`hrt_…`), `code` a
 * binding request's, which is traded for the key (`hbc_…`), `device` a browser's that waits to be logged in (`hdc_…`).
 */
export type CredentialKind = 'key' | 'app' | 'refresh' | 'code' | 'device';

const prefixes: Readonly<Record<CredentialKind, string>> = {
  key: 'hk',
  app: 'has',
  refresh: 'hrt',
  code: 'hbc',
  device: 'hdc',
};
const pattern = /^(hk|has|hrt|hbc|hdc)_([0-9a-f]{32})_([\w-]{43})$/;

/**
 * The token for `id`: `<prefix>_<id without dashes>_<secret>`. The secret is an HMAC of the command that issues it, so a
 * repeated command answers the same token although only its hash is stored; the id inside finds the stream without a
 * look-up table.
 */
export function issueCredential(kind: CredentialKind, id: string, commandId: string, secretsKey: Uint8Array): string {
  const secret = createHmac('sha256', secretsKey).update(`${kind}:${id}:${commandId}`).digest('base64url');
  return `${prefixes[kind]}_${id.replaceAll('-', '')}_${secret}`;
}

/** Whose token this is and the SHA-256 to compare with the stored one; `undefined` when it is no token of ours. */
export function parseCredential(token: string): { kind: CredentialKind; id: string; hash: string } | undefined {
  const match = pattern.exec(token);
  if (!match) return undefined;
  const [, prefix, hex] = match as unknown as [string, string, string];
  const kind = (Object.keys(prefixes) as CredentialKind[]).find((one) => prefixes[one] === prefix)!;
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return isUuid(id) ? { kind, id, hash: hashCredential(token) } : undefined;
}

/** What is stored of a token: its SHA-256 in hexadecimal. The secret has 256 bits, so a plain hash is enough. */
export const hashCredential = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares two hashes in constant time; false when either is missing. */
export function credentialMatches(hash: string, stored: string | null | undefined): boolean {
  if (!stored) return false;
  const [left, right] = [Buffer.from(hash), Buffer.from(stored)];
  return left.length === right.length && timingSafeEqual(left, right);
}
