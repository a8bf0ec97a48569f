import * as fc from 'fast-check';
import { wilson } from './wilson';

describe('the bounds of a share', () => {
  // Worked out with R: prop.test(x, n, correct = FALSE)$conf.int
  it.each([
    [1, 10, 0.01788, 0.40415],
    [0, 10, 0, 0.27753],
    [10, 10, 0.72247, 1],
    [30, 10_000, 0.0021, 0.00428],
  ])('%i of %i lie between %d and %d', (count, of, low, high) => {
    const bounds = wilson(count, of)!;
    expect(bounds.share).toBe(count / of);
    expect(bounds.low).toBeCloseTo(low, 4);
    expect(bounds.high).toBeCloseTo(high, 4);
  });

  it('are around the share, and closer the more there are', () =>
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }), (some, of) => {
        const [few, many] = [wilson(Math.min(some, of), of)!, wilson(Math.min(some, of) * 9, of * 9)!];
        for (const { low, share, high } of [few, many])
          expect([0 <= low, low <= share + 1e-12, share <= high + 1e-12, high <= 1]).toEqual([true, true, true, true]);
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    ));

  it('are none of nothing', () => expect(wilson(0, 0)).toBeUndefined());
});
