import { Injectable } from '@nestjs/common';
import { ReceiptJwks } from '@hark/contracts';
import { Keys } from '@hark/service';
import { receiptKeysId, ReceiptKeyStore } from '../receipt-key.store';
import { ReceiptKey, receiptKeyOf } from './receipt-key';

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
