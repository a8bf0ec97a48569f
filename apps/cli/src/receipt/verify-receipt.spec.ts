import { createHash, generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { verifyReceipt } from './verify-receipt';

const pair = (kid: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' } };
};
const [present, former, foreign] = [pair('present'), pair('former'), pair('foreign')];
const jwks = { keys: [present.jwk, former.jwk] };
const text = 'what was agreed to';
const claims = { person: 'ann', wording: { text, hash: createHash('sha256').update(text).digest('hex') } };
const signed = (by = present, said: object = claims, typ = 'consent-receipt+jws') =>
  new CompactSign(Buffer.from(JSON.stringify(said)))
    .setProtectedHeader({ alg: 'EdDSA', kid: by.kid, typ })
    .sign(by.privateKey);
const refused = { code: 'receipt.invalid' };

describe('a receipt', () => {
  it('holds by the key that signed it, a former one too', async () => {
    expect(await verifyReceipt(await signed(), jwks)).toEqual({ kid: 'present', claims });
    expect((await verifyReceipt(`${await signed(former)}\n`, jwks)).kid).toBe('former');
  });

  it('holds in the answer that it came in', async () => {
    expect((await verifyReceipt(JSON.stringify({ receipt: await signed() }), jwks)).kid).toBe('present');
    await expect(verifyReceipt('{"receipt":1}', jwks)).rejects.toMatchObject(refused);
    await expect(verifyReceipt('{nope', jwks)).rejects.toMatchObject(refused);
  });

  it('does not hold when anything of it is another’s', async () => {
    const [header, payload, signature] = (await signed()).split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"consent-receipt+jws"}').toString('base64url');
    const forged = Buffer.from(JSON.stringify({ ...claims, person: 'eve' })).toString('base64url');
    const cases = [
      await signed(foreign),
      await signed({ ...foreign, kid: 'present' }),
      await signed(present, claims, 'at+jwt'),
      await signed(present, { ...claims, wording: { ...claims.wording, text: 'something else' } }),
      `${header}.${forged}.${signature}`,
      `${none}.${payload}.`,
      `${header}.${payload}.`,
      '',
      'x',
      'x'.repeat(100_001),
    ];
    for (const one of cases) await expect(verifyReceipt(one, jwks)).rejects.toMatchObject(refused);
  });
});
