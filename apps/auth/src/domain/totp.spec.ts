import { base32, codeOf, matchingStep, otpauthUri, stepOf } from './totp';

// The published vectors of RFC 6238, appendix B (its errata: the keys are as long as the hash's output).
const keys = {
  sha1: Buffer.from('12345678901234567890'),
  sha256: Buffer.from('12345678901234567890123456789012'),
  sha512: Buffer.from('1234567890123456789012345678901234567890123456789012345678901234'),
};
const vectors: [number, string, string, string][] = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
];
/** RFC 4226, appendix D: HOTP of the same key, by counter. */
const hotp = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];

describe('codes by time', () => {
  it.each(vectors)('are those of RFC 6238 at %d', (seconds, sha1, sha256, sha512) => {
    const step = stepOf(seconds * 1_000);
    expect(codeOf(keys.sha1, step, 8)).toBe(sha1);
    expect(codeOf(keys.sha256, step, 8, 'sha256')).toBe(sha256);
    expect(codeOf(keys.sha512, step, 8, 'sha512')).toBe(sha512);
  });

  it('are those of RFC 4226 by counter', () => {
    expect(hotp.map((_, counter) => codeOf(keys.sha1, counter))).toEqual(hotp);
  });

  it('count in their half minute and in the ones beside it', () => {
    const nowMs = 10 * 30_000;
    const found = [8, 9, 10, 11, 12].map((step) => matchingStep(keys.sha1, codeOf(keys.sha1, step), nowMs));
    expect(found).toEqual([undefined, 9, 10, 11, undefined]);
    for (const code of ['', '12345', '1234567', '×××××××××××', '000000'])
      expect(matchingStep(keys.sha1, code, nowMs)).toBeUndefined();
  });

  // RFC 4648, 10: the test vectors of base32, without their padding.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('have secrets in base32: %p', (text, coded) => expect(base32(Buffer.from(text))).toBe(coded));

  it('are set up by an address that authenticators read', () => {
    const uri = new URL(otpauthUri(base32(keys.sha1), 'a b'));
    expect([uri.protocol, uri.host, uri.pathname]).toEqual(['otpauth:', 'totp', '/Hark:a%20b']);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      issuer: 'Hark',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
