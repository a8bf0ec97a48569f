import { BenchOptions } from './bench-options';
import type { MeasuredLoad } from './measured-load';
import type { LoadResult } from './push-load';
import { findRate } from './rate-search';

/** What must hold at a rate. */
const endToEndP99MaxMs = 1_000;
const acceptedShareMin = 0.99;
const trySeconds = 4;
const search = { maxPerSecond: 20_000, precision: 1.1, triesMax: 14 };
/** A rate found by short tries must also hold for longer; each failure lowers it by a tenth. */
const confirmationsMax = 4;
const stepDown = 0.9;

/** One rate that was tried. */
export interface RateTry {
  readonly perSecond: number;
  readonly held: boolean;
  /** The condition that it broke. */
  readonly because?: string;
}

/** Whether a run met the conditions of a rate, and if not which one it broke first. */
export function holds(result: LoadResult): { readonly held: boolean; readonly because?: string } {
  const broken = (because: string) => ({ held: false, because });
  const [error] = Object.keys(result.errors);
  if (error !== undefined) return broken(`errors: ${error}`);
  if (result.lost > 0) return broken(`${result.lost} not arrived`);
  if (result.accepted < result.offered * acceptedShareMin)
    return broken(`${result.accepted} of ${result.offered} accepted`);
  if ((result.endToEndMs.p99 ?? Infinity) > endToEndP99MaxMs)
    return broken(`end to end p99 ${Math.round(result.endToEndMs.p99 ?? 0)} ms`);
  return { held: true };
}

type Measure = (ratePerSecond: number, seconds: number) => Promise<MeasuredLoad>;

/** Finds the highest rate by short tries and confirms it by a run of the full length. */
export async function rateThatHolds(measure: Measure, options: BenchOptions, say: (line: string) => void) {
  const tries: RateTry[] = [];
  const attempt = async (perSecond: number, seconds: number): Promise<MeasuredLoad | undefined> => {
    const result = await measure(perSecond, seconds);
    const verdict = holds(result);
    tries.push({ perSecond, ...verdict });
    say(
      `  ${String(perSecond).padStart(5)}/s for ${seconds} s ${verdict.held ? 'held' : `did not hold (${verdict.because})`}`,
    );
    if (verdict.held) return result;
    return undefined;
  };
  say('Looking for the highest rate that holds (end to end p99 within 1 s, no errors, nothing lost) …');
  const found = await findRate(async (rate) => (await attempt(rate, trySeconds)) !== undefined, {
    ...search,
    startPerSecond: options.ratePerSecond,
  });
  let perSecond = found;
  for (let tried = 0; tried < confirmationsMax && perSecond > 0; tried += 1) {
    const load = await attempt(perSecond, options.seconds);
    if (load) return { perSecond, load, tries };
    perSecond = Math.floor(perSecond * stepDown);
  }
  return { perSecond: 0, tries };
}
