import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet, JSONWebKeySet } from 'jose';
import { HarkError } from '@hark/kernel';

/** What a receipt says, once it is proven. */
export interface VerifiedReceipt {
  readonly kid: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

const lengthMax = 100_000;

/**
 * The receipt in `text`, a compact JWS or the answer of `GET /v1/bindings/:id/receipt`, checked by these keys and by the
 * hash of the wording in it. Throws `invalid` `receipt.invalid` saying what is wrong.
 */
export async function verifyReceipt(text: string, jwks: JSONWebKeySet): Promise<VerifiedReceipt> {
  const receipt = receiptIn(text.trim());
  const { payload, protectedHeader } = await compactVerify(receipt, createLocalJWKSet(jwks), {
    algorithms: ['EdDSA'],
  }).catch((error: unknown) => {
    throw invalid('it is not signed by any of these keys', error);
  });
  if (protectedHeader.typ !== 'consent-receipt+jws') throw invalid('it is signed, but is no receipt of a consent');
  const claims = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>;
  const { wording } = claims as { wording?: { text: string; hash: string } };
  if (wording && createHash('sha256').update(wording.text).digest('hex') !== wording.hash) {
    throw invalid('the wording does not have the hash that was agreed to');
  }
  return { kid: protectedHeader.kid!, claims };
}

function receiptIn(text: string): string {
  if (text.length > lengthMax) throw invalid('it is too long for a receipt');
  if (!text.startsWith('{')) return text;
  try {
    const { receipt } = JSON.parse(text) as { receipt?: unknown };
    if (typeof receipt === 'string') return receipt;
  } catch {
    // It is no JSON either.
  }
  throw invalid('there is no receipt in it');
}

const invalid = (message: string, cause?: unknown) =>
  new HarkError('invalid', 'receipt.invalid', `the receipt does not hold: ${message}`, {}, { cause });
