import { Injectable } from '@nestjs/common';
import { ReceiptKeyEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { ReceiptKeyCommand, receiptKeyDecider, ReceiptKeys } from './domain/receipt-key.decider';

/** The one stream of the installation's receipt keys. Stored: never change it. */
export const receiptKeysId = '2c9f5e0a-7d1b-5a64-8f3e-6b0d92c1e7a4';

/** The stream `receipt_key-<id>`. */
@Injectable()
export class ReceiptKeyStore extends DeciderStore<ReceiptKeys, ReceiptKeyCommand, ReceiptKeyEvent> {
  constructor(store: EventStore) {
    super(store, 'receipt_key', receiptKeyDecider);
  }
}
