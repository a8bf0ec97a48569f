import nodeCrypto, { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { credentialMatches, hashCredential, issueCredential, parseCredential } from './credential';

const secretsKey = Buffer.alloc(32, 7);
const id = '11111111-2222-4333-8444-555555555555';
const commandId = '99999999-2222-4333-8444-555555555555';
const kinds = ['key', 'app', 'refresh', 'code', 'device'] as const;
const issued = issueCredential('key', id, commandId, secretsKey);

describe('a credential', () => {
  it('names its kind and its stream, and looks as it was promised to', () => {
    expect(issued).toBe('hk_11111111222243338444555555555555_4BrtZVO8Wmswylyh9gXR7qndB9HW3YNE1x64Fw8uNvU');
    expect(issueCredential('app', id, commandId, secretsKey)).toMatch(
      /^has_11111111222243338444555555555555_[\w-]{43}$/,
    );
    expect(issueCredential('refresh', id, commandId, secretsKey)).toMatch(
      /^hrt_11111111222243338444555555555555_[\w-]{43}$/,
    );
  });

  it('is read back, with the hash that is stored', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uuid(), fc.uuid(), (kind, streamId, command) => {
        const token = issueCredential(kind, streamId, command, secretsKey);
        expect(parseCredential(token)).toEqual({
          kind,
          id: streamId,
          hash: createHash('sha256').update(token).digest('hex'),
        });
      }),
    );
  });

  it('is the same for the same command, and another for any other', () => {
    expect(issueCredential('key', id, commandId, secretsKey)).toBe(issued);
    const others = [
      issueCredential('key', id, id, secretsKey),
      issueCredential('key', commandId, commandId, secretsKey),
      issueCredential('key', id, commandId, randomBytes(32)),
    ];
    for (const other of others) expect(other).not.toBe(issued);
    // Not only the prefix differs: an app's secret says nothing about a key.
    expect(issueCredential('app', id, commandId, secretsKey).slice(-43)).not.toBe(issued.slice(-43));
  });

  it.each([
    '',
    'hk',
    'hk_',
    'hk__',
    issued.slice(0, -1),
    `${issued}x`,
    `${issued}\n`,
    ` ${issued}`,
    issued.toUpperCase(),
    issued.replace('hk_', 'HK_'),
    issued.replace('hk_', 'xx_'),
    issued.replace('hk_', '__proto___'),
    issued.replace('1111', '11-1'),
    issued.replace('11111111222243338444555555555555', id),
    issued.replace('11111111222243338444555555555555', 'g'.repeat(32)),
    `${issued.slice(0, -1)}.`,
    `${issued.slice(0, -1)} `,
    'hk_'.repeat(100_000),
  ])('of another form is none of ours (%#)', (token) => expect(parseCredential(token)).toBeUndefined());

  it('is never made of anything else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseCredential(text) === undefined));
  });
});

describe('comparing hashes', () => {
  const hash = hashCredential(issued);
  it.each([
    ['the same', hash, hash, true],
    ['another', hash, hashCredential('x'), false],
    ['one character off', hash, `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`, false],
    ['a shorter one', hash, hash.slice(0, -1), false],
    ['a longer one', hash, `${hash}0`, false],
    ['capitals', hash, hash.toUpperCase(), false],
    ['none stored', hash, null, false],
    ['none known', hash, undefined, false],
    ['nothing stored', hash, '', false],
    ['nothing shown', '', hash, false],
    ['nothing at all', '', '', false],
  ])('with %s', (_, shown, stored, same) => expect(credentialMatches(shown, stored)).toBe(same));

  it('is done in constant time, whatever is compared', () => {
    const compare = jest.spyOn(nodeCrypto, 'timingSafeEqual');
    for (const other of [hash, hashCredential('x'), hashCredential('y')]) credentialMatches(hash, other);
    expect(compare).toHaveBeenCalledTimes(3);
    compare.mockRestore();
  });

  // The test of dudect (Reparaz and others, 2017): two classes of input in random order, Welch's t of their times, the
  // slowest tenth left out. Times tell nothing on a busy machine, so only on demand.
  const samples = Number(process.env['HARK_TEST_TIMING'] ?? 0);
  (samples > 0 ? it : it.skip)(
    'takes as long for a hash that is right up to its last character as for any (A13)',
    () => {
      const almost = `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`;
      // Both as the same kind of string: one made of parts is slower to read.
      const inputs = [almost, hashCredential('x')].map((text) => Buffer.from(text).toString());
      const times: number[][] = [[], []];
      for (let i = 0; i < samples; i++) {
        const kind = Math.random() < 0.5 ? 0 : 1;
        const before = process.hrtime.bigint();
        credentialMatches(inputs[kind]!, hash);
        times[kind]!.push(Number(process.hrtime.bigint() - before));
      }
      const kept = times.map((of) => of.toSorted((a, b) => a - b).slice(0, Math.floor(of.length * 0.9)));
      const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
      const [one, two] = kept as [number[], number[]];
      const means = [mean(one), mean(two)] as const;
      const spread = [one, two].map((of, i) => mean(of.map((time) => (time - means[i]!) ** 2)) / of.length);
      const t = (means[0] - means[1]) / Math.sqrt(spread[0]! + spread[1]!);
      expect(Math.abs(t)).toBeLessThan(4.5);
    },
  );
});
