import { availableParallelism } from 'node:os';
import { EvenRate } from './even-rate';

/** How often work in the background may begin. */
export interface SpareLimits {
  /** While the process takes more than this part of the machine's processors, the work begins less often. */
  readonly processorsMax: number;
  /** How many begin a second, whatever else there is to do. */
  readonly leastPerSecond: number;
  readonly mostPerSecond: number;
}

/** How often the use of the processors is looked at, in milliseconds: Linux counts it finely enough for this. */
const lookMs = 250;
/** How much more often it begins after each look that found enough left: a tenth, and so many a second. */
const growth = 1.1;
const growthPerSecond = 2;
/** One look leaves at least this part of the rate: what was begun before still costs something. */
const shrinkMost = 0.5;
/** For how long at the most it makes up for a timer that was late, in milliseconds. */
const lateMs = 50;

/**
 * Lets work in the background begin evenly, as often as leaves the others a part of the machine's processors. All threads
 * of the process count, and nothing that other processes do: giving way to those would not end.
 */
export class SpareRate {
  private readonly rate: EvenRate;
  private seen: { readonly atMs: number; readonly cpuMs: number } | undefined;

  constructor(
    private readonly limits: SpareLimits,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly cpuMs: () => number = processCpuMs,
    private readonly processors: number = availableParallelism(),
  ) {
    this.rate = new EvenRate(limits.leastPerSecond, lateMs, nowMs);
  }

  /** How many may begin a second now. */
  get perSecond(): number {
    return this.rate.perSecond;
  }

  /** Counts one that begins; how long to wait before the next one, in milliseconds. */
  begun(): number {
    this.look();
    return this.rate.begun();
  }

  private look(): void {
    const atMs = this.nowMs();
    const { seen } = this;
    const tookMs = seen ? atMs - seen.atMs : Infinity;
    if (tookMs < lookMs) return;
    const now = { atMs, cpuMs: this.cpuMs() };
    this.seen = now;
    // What was used while there was no such work says nothing about it.
    if (!seen || tookMs > 2 * lookMs) return;
    const { processorsMax, leastPerSecond, mostPerSecond } = this.limits;
    const share = (now.cpuMs - seen.cpuMs) / (tookMs * this.processors);
    const { perSecond } = this.rate;
    const next =
      share > processorsMax
        ? perSecond * Math.max(shrinkMost, processorsMax / share)
        : perSecond * growth + growthPerSecond;
    this.rate.perSecond = Math.min(mostPerSecond, Math.max(leastPerSecond, next));
  }
}

/** The CPU time of all threads of this process so far, in milliseconds. */
function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
