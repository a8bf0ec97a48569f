import { ReceiptKeyEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { receiptKeyDecider, receiptKeysMax } from './receipt-key.decider';

const at = '2026-01-05T09:00:00.000Z';
const rotate = (after: number) => ({ type: 'Rotate', after, at }) as const;
const rotated = (number: number): ReceiptKeyEvent => ({ type: 'receipt_key.rotated', data: { number, at } });
const keys = specFor(receiptKeyDecider);

describe('the keys that sign receipts', () => {
  it('follow one another, one step however many ask at once', () => {
    keys.given().when(rotate(1)).then(rotated(2));
    keys.given(rotated(2)).when(rotate(1)).thenNothing();
    keys.given(rotated(2)).when(rotate(2)).then(rotated(3));
  });

  it('are not more than can be published', () =>
    keys
      .given(...Array.from({ length: receiptKeysMax - 1 }, (_, index) => rotated(index + 2)))
      .when(rotate(receiptKeysMax))
      .thenRefused('receipt-key.too-many'));
});
