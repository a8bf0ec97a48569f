/**
 * Says whether it is worth waiting for a provider. Patience counts from the start of an outage, not from each text: the
 * first texts wait, and once the outage has lasted `patienceMs`, later ones give up at once. From then on one call per
 * `probeMs` is let through, to notice the end.
 */
export class Outage {
  private sinceMs: number | null = null;
  private probedMs = -Infinity;

  constructor(
    private readonly patienceMs: number,
    private readonly probeMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Until when the caller may wait and try again; null when it should not try at all. */
  patienceEndsMs(): number | null {
    const nowMs = this.nowMs();
    if (this.sinceMs === null) return nowMs + this.patienceMs;
    const endMs = this.sinceMs + this.patienceMs;
    if (endMs > nowMs) return endMs;
    if (nowMs - this.probedMs < this.probeMs) return null;
    this.probedMs = nowMs;
    return nowMs;
  }

  /** The provider answered, whatever it said. */
  answered(): void {
    this.sinceMs = null;
    this.probedMs = -Infinity;
  }

  /** None came. */
  failed(): void {
    this.sinceMs ??= this.nowMs();
  }
}
