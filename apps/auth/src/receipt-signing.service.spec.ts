import { createPublicKey, sign, verify } from 'node:crypto';
import { receiptKeyOf } from './receipt-signing.service';

describe('the keys that sign receipts', () => {
  it('are the same for the same installation and number, and else different', () => {
    const own = Buffer.alloc(32, 7);
    const kids = [receiptKeyOf(1, own), receiptKeyOf(2, own), receiptKeyOf(1, Buffer.alloc(32, 8))].map(
      ({ jwk }) => jwk.kid,
    );
    expect(new Set(kids).size).toBe(3);
    const { privateKey, jwk } = receiptKeyOf(1, own);
    expect(jwk).toEqual(receiptKeyOf(1, own).jwk);
    expect(jwk).not.toHaveProperty('d');
    const signed = sign(null, Buffer.from('x'), privateKey);
    expect(verify(null, Buffer.from('x'), createPublicKey({ key: { ...jwk }, format: 'jwk' }), signed)).toBe(true);
  });
});
