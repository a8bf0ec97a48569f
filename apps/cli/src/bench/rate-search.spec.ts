import { findRate, RateSearch } from './rate-search';

const search: RateSearch = { startPerSecond: 100, maxPerSecond: 10_000, precision: 1.05, triesMax: 30 };

describe('the search for the highest rate', () => {
  const tried: number[] = [];
  const upTo = (limit: number) => async (rate: number) => {
    tried.push(rate);
    return rate <= limit;
  };
  beforeEach(() => tried.splice(0));

  it.each([100, 101, 399, 777, 5_000])('finds %i to within its precision, and never more', async (limit) => {
    const found = await findRate(upTo(limit), search);
    expect(found).toBeLessThanOrEqual(limit);
    expect(found * search.precision).toBeGreaterThanOrEqual(limit * 0.999);
    expect(tried).toContain(found);
  });

  it('doubles, then bisects', async () => {
    await findRate(upTo(500), search);
    expect(tried.slice(0, 5)).toEqual([100, 200, 400, 800, 600]);
  });

  it('goes down when the first rate is too much', async () => {
    const found = await findRate(upTo(30), search);
    expect(tried.slice(0, 3)).toEqual([100, 50, 25]);
    expect(found).toBeGreaterThanOrEqual(28);
    expect(found).toBeLessThanOrEqual(30);
  });

  it('answers 0 when nothing holds, and ends', async () => {
    expect(await findRate(upTo(0), search)).toBe(0);
    expect(tried.at(-1)).toBe(1);
  });

  it('does not go above the most', async () => {
    expect(await findRate(upTo(Infinity), search)).toBe(10_000);
    expect(Math.max(...tried)).toBe(10_000);
  });

  it('tries no more often than it may', async () => {
    expect(await findRate(upTo(777), { ...search, triesMax: 3 })).toBe(400);
    expect(tried).toHaveLength(3);
  });
});
