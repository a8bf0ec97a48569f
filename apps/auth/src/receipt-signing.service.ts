import { createHash, createPrivateKey, createPublicKey, hkdfSync, KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ReceiptJwk, ReceiptJwks } from '@hark/contracts';
import { Keys } from '@hark/service';
import { receiptKeysId, ReceiptKeyStore } from './receipt-key.store';

/** A key that signs receipts, with what anybody checks them by. */
export interface ReceiptKey {
  readonly privateKey: KeyObject;
  readonly jwk: ReceiptJwk;
}

const seedBytes = 32;
/** What stands before the seed of an Ed25519 key in PKCS #8 (RFC 8410 section 7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys that sign receipts, and those that did. */
@Injectable()
export class ReceiptSigning {
  constructor(
    private readonly store: ReceiptKeyStore,
    private readonly keys: Keys,
  ) {}

  /** The key that signs now. */
  async present(): Promise<ReceiptKey> {
    return receiptKeyOf((await this.store.load(receiptKeysId)).state.number, this.keys.receipts);
  }

  /** The public halves up to the `number`-th, the newest first. */
  published(number: number): ReceiptJwks {
    const all = Array.from({ length: number }, (_, index) => receiptKeyOf(number - index, this.keys.receipts).jwk);
    return { keys: all };
  }
}

/**
 * The installation's `number`-th key, counted from 1: Ed25519, derived, so that nothing has to be kept but the number, and
 * the public halves of all earlier ones can always be published. The label is part of every receipt: never change it.
 */
export function receiptKeyOf(number: number, receiptsKey: Uint8Array): ReceiptKey {
  const seed = Buffer.from(hkdfSync('sha256', receiptsKey, '', `hark/receipt/${number}`, seedBytes));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x!;
  const key = { crv: 'Ed25519', kty: 'OKP', x } as const;
  // The thumbprint of RFC 7638: these members in this order, without blanks.
  const kid = createHash('sha256').update(JSON.stringify(key)).digest('base64url');
  return { privateKey, jwk: { ...key, kid, alg: 'EdDSA', use: 'sig' } };
}
