import { RateLimit, rateLimitHeaders, RateLimits } from './rate-limits';

const limit: RateLimit = { name: 'caller', perSecond: 2, burst: 4 };
const take = (rates: RateLimits, times: number, nowMs: number, who = 'a') =>
  Array.from({ length: times }, () => rates.take(who, limit, nowMs));

describe('a rate limit', () => {
  it('lets a burst through, then so many a second', () => {
    const rates = new RateLimits();
    expect(take(rates, 5, 0).map(({ allowed }) => allowed)).toEqual([true, true, true, true, false]);
    expect(take(rates, 2, 500).map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(take(rates, 3, 1_500).map(({ allowed }) => allowed)).toEqual([true, true, false]);
  });

  it('never saves up more than the burst', () => {
    const rates = new RateLimits();
    take(rates, 4, 0);
    expect(take(rates, 5, 3_600_000).filter(({ allowed }) => allowed)).toHaveLength(4);
  });

  it('counts a batch as what it holds, all or nothing, and keeps the rate for one that exceeds the burst', () => {
    const rates = new RateLimits();
    const batch = (count: number, nowMs: number) => rates.take('a', limit, nowMs, count);
    expect(batch(3, 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(batch(3, 0)).toMatchObject({ allowed: false, remaining: 1, retryAfterSeconds: 1 });
    expect(batch(10, 1_000)).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    expect(batch(10, 1_500)).toMatchObject({ allowed: true, remaining: 0, resetSeconds: 5 });
    expect(batch(1, 4_900).allowed).toBe(false);
    expect(batch(1, 5_100).allowed).toBe(true);
  });

  it('is everyone’s own', () => {
    const rates = new RateLimits();
    take(rates, 5, 0);
    expect(rates.take('b', limit, 0).allowed).toBe(true);
    expect(rates.take('a', { ...limit, name: 'address' }, 0).allowed).toBe(true);
  });

  it('tells what is left, and when to come again', () => {
    const rates = new RateLimits();
    const [first, , , , refused] = take(rates, 5, 0);
    expect(first).toEqual({ allowed: true, remaining: 3, resetSeconds: 1, retryAfterSeconds: 1 });
    expect(refused).toEqual({ allowed: false, remaining: 0, resetSeconds: 2, retryAfterSeconds: 1 });
    expect(rateLimitHeaders(limit, first!)).toEqual({
      'ratelimit-policy': '"caller";q=4;w=2',
      ratelimit: '"caller";r=3;t=1',
    });
  });

  it('forgets whoever has been away for longest, not whoever asks all the time', () => {
    const rates = new RateLimits();
    take(rates, 5, 0, 'busy');
    for (let index = 0; index < 60_000; index++) {
      rates.take(`other-${index}`, limit, 0);
      if (index % 10_000 === 0) rates.take('busy', limit, 0);
    }
    expect(rates.take('busy', limit, 0).allowed).toBe(false);
    expect(rates.take('other-0', limit, 0).remaining).toBe(3);
  });
});
