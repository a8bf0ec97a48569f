/** The percentiles of a set of samples, in the samples' unit; `null` without samples. */
export interface Summary {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Percentiles by nearest rank: every figure is a measured sample, none is interpolated. */
export function summarise(samples: Iterable<number>): Summary {
  const sorted = Float64Array.from(samples).sort();
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  };
}

/** The smallest sample that at least `share` (above 0, at most 1) of them do not exceed. `sorted` ascends. */
export function percentile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
