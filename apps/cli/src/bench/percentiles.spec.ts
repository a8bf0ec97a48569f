import { percentile, summarise } from './percentiles';

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('are samples by nearest rank, whatever the order they came in', () => {
    expect(summarise(hundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  it('of one sample are that sample', () => {
    expect(summarise([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('of nothing are nothing, not zero', () => {
    expect(summarise([])).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
  });

  it('sort by number and not by text', () => {
    expect(summarise([9, 10, 100]).p50).toBe(10);
  });

  it('round the rank up, so that a tail is never understated', () => {
    expect(percentile([1, 2, 3], 0.5)).toBe(2);
    expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  });
});
