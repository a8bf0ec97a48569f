import { randomBytesFromPool } from './random-bytes';

describe('random bytes from the pool', () => {
  it('are never given out twice', () => {
    const given = Array.from({ length: 2_000 }, () => randomBytesFromPool(12).toString('hex'));
    expect(new Set(given).size).toBe(given.length);
    expect(given.every((bytes) => bytes.length === 24)).toBe(true);
  });

  it('stay what they were when more are asked for', () => {
    const first = randomBytesFromPool(64);
    const before = first.toString('hex');
    for (let n = 0; n < 200; n += 1) randomBytesFromPool(64);
    expect(first.toString('hex')).toBe(before);
    expect(first.equals(Buffer.alloc(64))).toBe(false);
  });

  it('are refused in large numbers', () => expect(() => randomBytesFromPool(65)).toThrow(RangeError));
});
