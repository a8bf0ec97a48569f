import { LRUCache } from 'lru-cache';
import { Clock, IsoTime } from '@hark/kernel';

/** Two that ask at once: the second is told to come back after this, when the first has found out. */
const probedMs = 2_000;
/** So long a try may take until somebody else may make one. */
const probeMaxMs = 15_000;
/** No hold is longer: one that seems so is left over from before the clock was set back. */
const holdMsMax = 7 * 3_600_000;
/** The one unused for longest is forgotten first: it is asked once more than it should be. */
const namesMax = 20_000;

interface Hold {
  readonly untilMs: number;
  readonly refusals: number;
  readonly probedUntilMs: number;
}

/**
 * What refused of late, and is left alone until a time: a mailbox, a device, or a whole provider. Then one try finds out
 * whether it relents, and all others wait for that: however many pushes there are for it, it is asked like for one. In the
 * memory of one process; another process and the next start ask for themselves.
 */
export class RefusalHolds {
  private readonly holds = new LRUCache<string, Hold>({ max: namesMax });

  constructor(private readonly clock: Clock) {}

  /** Milliseconds to leave it alone. With 0 the caller may ask it, and then says how that ended. */
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

  /** How often in a row it has refused. */
  refusalsOf(name: string): number {
    return this.holds.get(name)?.refusals ?? 0;
  }

  /** It refused, and is to be left alone until then. */
  refused(name: string, until: IsoTime): void {
    const refusals = this.refusalsOf(name) + 1;
    this.holds.set(name, { untilMs: Date.parse(until), refusals, probedUntilMs: 0 });
  }

  /** Whoever was to find out did not: somebody else may. */
  undecided(name: string): void {
    const hold = this.holds.get(name);
    if (hold) this.holds.set(name, { ...hold, probedUntilMs: 0 });
  }

  /** It answered in some other way. */
  relented(name: string): void {
    this.holds.delete(name);
  }
}
