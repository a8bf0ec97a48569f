/** Lets things begin evenly, so many a second at the most, and catches up with what a late timer left out. The rate may change. */
export class EvenRate {
  private nextMs = -Infinity;

  /** `lateMs`: for how long at the most what was left out is made up for. */
  constructor(
    public perSecond: number,
    private readonly lateMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Counts one that begins; how long to wait before the next one, in milliseconds. */
  begun(): number {
    const nowMs = this.nowMs();
    this.nextMs = Math.max(this.nextMs, nowMs - this.lateMs) + 1_000 / this.perSecond;
    return Math.max(0, this.nextMs - nowMs);
  }
}
