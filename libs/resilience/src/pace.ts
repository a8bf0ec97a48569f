/** How much work in the background may be under way, and what makes it give way. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
  /** A turn of the event loop with more work than this, in milliseconds of CPU, means that others wait for it. */
  readonly turnMs: number;
}

/** How much of a new measurement counts; the rest is what was known before. */
const share = 0.2;
const fewer = 0.8;

/**
 * Lets work in the background take what others leave: as many at a time as the event loop bears without turning slowly.
 * Grows by one for each quick turn and shrinks by a fifth for each slow one, so that it gives way at
 * once and comes back soon. Everything in a process waits for its event loop, so its turns tell how long people wait. They
 * are measured in CPU time: where a crowded machine makes them long, giving way would help nobody.
 */
export class Pace {
  private most: number;
  private turnsMs = 0;

  constructor(private readonly limits: PaceLimits) {
    this.most = limits.least;
  }

  /** How many may be under way now. */
  get allowed(): number {
    return Math.floor(this.most);
  }

  /** Tells how much CPU a turn of the event loop took while there was work to do, in milliseconds. */
  turned(tookMs: number): void {
    const { least, most, turnMs } = this.limits;
    this.turnsMs += share * (tookMs - this.turnsMs);
    const next = this.turnsMs > turnMs ? this.most * fewer : this.most + 1;
    this.most = Math.min(most, Math.max(least, next));
  }
}

/** The CPU time of this thread so far, in milliseconds. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
