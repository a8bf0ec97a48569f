import { ReceiptKeyEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

/** How many keys an installation may have had: their public halves are all published, for ever. */
export const receiptKeysMax = 100;

/** Which of the installation's keys signs receipts; the first without any event. */
export interface ReceiptKeys {
  readonly number: number;
}

export type ReceiptKeyCommand = {
  readonly type: 'Rotate';
  /** The key to follow: two who rotate it at once make one step. */
  readonly after: number;
  readonly at: IsoTime;
};

/** The rules of the keys that sign receipts: one after the other, and none is forgotten. */
export const receiptKeyDecider: Decider<ReceiptKeys, ReceiptKeyCommand, ReceiptKeyEvent> = {
  initial: { number: 1 },

  decide({ after, at }, { number }) {
    if (after !== number) return [];
    if (number >= receiptKeysMax) throw new HarkError('refused', 'receipt-key.too-many', 'the keys are used up');
    return [{ type: 'receipt_key.rotated', data: { number: number + 1, at } }];
  },

  evolve(keys, event) {
    return event.type === 'receipt_key.rotated' ? { number: event.data.number } : keys;
  },
};
