import { LRUCache } from 'lru-cache';
import { Clock, IsoTime } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';

/** While one caller probes, every other caller is told to come back after this time. */
const probedMs = 2_000;
/** A probe without a result blocks other probes for this long. */
const probeMaxMs = 15_000;
/** The longest hold. A longer one was made before the clock was set back, and is ignored. */
const holdMsMax = 7 * 3_600_000;
/** At this many names the one unused for longest is forgotten, which costs at most one request too many. */
const namesMax = 20_000;

interface Hold {
  readonly untilMs: number;
  readonly refusals: number;
  readonly probedUntilMs: number;
}

/**
 * Mailboxes, devices and whole providers that refused of late and are left alone until a given time. After that time
 * one caller probes and all others wait for its result, so that many waiting pushes cause only one request. Kept in
 * memory: another process, and this one after a restart, probes for itself.
 */
export class RefusalHolds {
  private readonly holds = new LRUCache<string, Hold>(entriesAtMost(namesMax));

  constructor(private readonly clock: Clock) {}

  /**
   * Milliseconds to leave it alone. 0 makes the caller the probe: it must report `refused`, `undecided` or `relented`.
   */
  waitMs(name: string): number {
    const hold = this.holds.get(name);
    if (!hold) return 0;
    const nowMs = Date.parse(this.clock.now());
    const heldMs = hold.untilMs - nowMs;
    if (heldMs > 0 && heldMs <= holdMsMax) return heldMs;
    const probedForMs = hold.probedUntilMs - nowMs;
    if (probedForMs > 0 && probedForMs <= probeMaxMs) return probedMs;
    this.holds.set(name, { ...hold, probedUntilMs: nowMs + probeMaxMs });
    return 0;
  }

  /** How many times in a row it has refused. */
  refusalsOf(name: string): number {
    return this.holds.get(name)?.refusals ?? 0;
  }

  /** It refused and is left alone until the given time. */
  refused(name: string, until: IsoTime): void {
    const refusals = this.refusalsOf(name) + 1;
    this.holds.set(name, { untilMs: Date.parse(until), refusals, probedUntilMs: 0 });
  }

  /** The probe ended without a result; the next caller may probe. */
  undecided(name: string): void {
    const hold = this.holds.get(name);
    if (hold) this.holds.set(name, { ...hold, probedUntilMs: 0 });
  }

  /** It answered in any other way: the hold ends. */
  relented(name: string): void {
    this.holds.delete(name);
  }
}
