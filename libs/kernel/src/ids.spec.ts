import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { idAfter, isUuid, parseId, uuid5, uuid7, uuidFromHash } from './ids';

// RFC 9562, section 6.6; the first vector is appendix A.4, the others come from another implementation.
const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const url = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
const version = (id: string) => id[14];
const variant = (id: string) => parseInt(id[19]!, 16) >> 2;

describe('a name-based id', () => {
  it.each([
    [dns, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    [dns, '', '4ebd0208-8328-5d69-8c44-ec50939c0967'],
    [dns, '密码', '58d10d8a-5c5a-5b67-a5c9-f131e05e2682'],
    [url, 'https://example.com/', 'dd2c1780-811a-5296-81c5-178a0ef488bc'],
  ])('in %s of %s is %s', (namespace, name, id) => expect(uuid5(namespace, name)).toBe(id));

  it('is the same for the same name only', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.string(), fc.string(), (here, there, one, other) => {
        expect(uuid5(here, one)).toBe(uuid5(here, one));
        expect(uuid5(here, one) === uuid5(here, other)).toBe(one === other);
        expect(uuid5(here, one) === uuid5(there, one)).toBe(here === there);
        expect([version(uuid5(here, one)), variant(uuid5(here, one))]).toEqual(['5', 2]);
      }),
    );
  });
});

describe('an id in the order of time', () => {
  it('begins with the milliseconds, as in appendix A.6', () => {
    expect(uuid7(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid7(0)).toMatch(/^00000000-0000-7/);
    expect(uuid7(2 ** 48 - 1)).toMatch(/^ffffffff-ffff-7/);
  });

  it('sorts as the times do, and is never given twice', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(fc.property(time, time, (a, b) => a === b || uuid7(a) < uuid7(b) === a < b));
    expect(new Set(Array.from({ length: 10_000 }, () => uuid7(0))).size).toBe(10_000);
  });

  it('takes the present without being told', () => {
    const before = Date.now();
    const ms = parseInt(uuid7().replace('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  });
});

describe('an id out of a hash', () => {
  it('keeps the hash but for version and variant', () => {
    const hash = createHash('sha256').update('x').digest();
    const id = uuidFromHash(hash);
    expect([version(id), variant(id)]).toEqual(['8', 2]);
    expect(id.slice(0, 14)).toBe(`${hash.toString('hex').slice(0, 8)}-${hash.toString('hex').slice(8, 12)}-`);
    expect(uuidFromHash(hash)).toBe(id);
    expect(hash).toEqual(createHash('sha256').update('x').digest()); // it was not written into
  });
});

describe('an id from outside', () => {
  const id = '11111111-1111-4111-8111-111111111111';
  it.each([id, uuid7(), uuid5(dns, 'x'), 'ffffffff-ffff-8fff-bfff-ffffffffffff'])('may be %s', (good) => {
    expect(isUuid(good)).toBe(true);
    expect(parseId(good, 'app.unknown')).toBe(good);
  });

  it.each([
    '',
    'x',
    '*',
    '>',
    '$all',
    id.toUpperCase().replaceAll('1', 'A'),
    `${id}\n`,
    ` ${id}`,
    `${id}-1`,
    `{${id}}`,
    `urn:uuid:${id}`,
    id.replaceAll('-', ''),
    '00000000-0000-0000-0000-000000000000',
    '11111111-1111-9111-8111-111111111111',
    '11111111-1111-4111-c111-111111111111',
    '１1111111-1111-4111-8111-111111111111',
    undefined,
    null,
    1,
    {},
    [id],
    { toString: () => id },
  ])('may not be %j, and is answered like one that does not exist', (bad) => {
    expect(isUuid(bad)).toBe(false);
    expect(() => parseId(bad, 'app.unknown')).toThrow(
      expect.objectContaining({ kind: 'not-found', code: 'app.unknown' }) as Error,
    );
  });
});

describe('the ids after an id', () => {
  it.each([
    ['0193a5c2-7a41-7c0e-8f10-0000000000ff', 1, '0193a5c2-7a41-7c0e-8f10-000000000100'],
    ['0193a5c2-7a41-7c0e-8f10-ffffffffffff', 2, '0193a5c2-7a41-7c0e-8f10-000000000001'],
    ['0193a5c2-7a41-5c0e-8f10-0a0000000000', 0, '0193a5c2-7a41-5c0e-8f10-0a0000000000'],
  ])('%s and %d more is %s', (id, count, after) => expect(idAfter(id, count)).toBe(after));

  it('are ids, and none comes twice', () => {
    const id = uuid5(uuid7(), 'a batch');
    const ids = Array.from({ length: 1_000 }, (_, count) => idAfter(id, count));
    expect(ids.every(isUuid)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
