/** The bounds and the precision of the search. */
export interface RateSearch {
  readonly startPerSecond: number;
  readonly maxPerSecond: number;
  /** Stop when the lowest rate that failed is at most this much above the highest that held: 1.1 is ten per cent. */
  readonly precision: number;
  /** The most tries; then the search ends with what it knows. */
  readonly triesMax: number;
}

/**
 * The highest rate for which `holds` said yes, or 0 when none did: doubles while it holds, halves while it does not,
 * then bisects. Assumes that a rate above one that failed fails too.
 */
export async function findRate(
  holds: (ratePerSecond: number) => Promise<boolean>,
  search: RateSearch,
): Promise<number> {
  const { maxPerSecond, precision, triesMax } = search;
  let held = 0;
  let failed = Infinity;
  let rate = Math.min(search.startPerSecond, maxPerSecond);
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await holds(rate)) held = rate;
    else failed = rate;
    if (held === maxPerSecond || failed <= 1 || failed <= held * precision) break;
    const next = nextRate(held, failed, maxPerSecond);
    if (next === held || next === failed) break;
    rate = next;
  }
  return held;
}

function nextRate(held: number, failed: number, maxPerSecond: number): number {
  if (failed === Infinity) return Math.min(held * 2, maxPerSecond);
  return held === 0 ? Math.max(1, Math.floor(failed / 2)) : Math.round((held + failed) / 2);
}
