import type { Schemas } from '../api/client';

/** What a receipt that the hub signed says; `undefined` when its signature is of none of these keys. Throws where the browser knows no Ed25519. */
export async function checkReceipt(
  receipt: string,
  keys: Schemas['ReceiptKeys']['keys'],
): Promise<Record<string, unknown> | undefined> {
  const [header = '', payload = '', signature = ''] = receipt.split('.');
  const { kid } = JSON.parse(textOf(header)) as { kid?: string };
  const jwk = keys.find((key) => key.kid === kid);
  if (!jwk) return undefined;
  const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const isSigned = await crypto.subtle.verify('Ed25519', key, bytesOf(signature), signed);
  return isSigned ? (JSON.parse(textOf(payload)) as Record<string, unknown>) : undefined;
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

const textOf = (base64url: string): string => new TextDecoder().decode(bytesOf(base64url));
