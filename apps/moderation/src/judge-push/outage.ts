/**
 * Whether it is worth waiting for a provider. Patience counts from the beginning of an outage, not from each text: the
 * first ones wait it out, and once it has lasted `patienceMs`, later ones give up at once. From then on one at a time is
 * let through, at most every `probeMs`, to notice the end.
 */
export class Outage {
  private sinceMs: number | null = null;
  private probedMs = -Infinity;

  constructor(
    private readonly patienceMs: number,
    private readonly probeMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The instant until which one may wait and try again; null when one should not even try. */
  patienceEndsMs(): number | null {
    const nowMs = this.nowMs();
    if (this.sinceMs === null) return nowMs + this.patienceMs;
    const endMs = this.sinceMs + this.patienceMs;
    if (endMs > nowMs) return endMs;
    if (nowMs - this.probedMs < this.probeMs) return null;
    this.probedMs = nowMs;
    return nowMs;
  }

  /** An answer came, whatever it was. */
  answered(): void {
    this.sinceMs = null;
    this.probedMs = -Infinity;
  }

  /** None came. */
  failed(): void {
    this.sinceMs ??= this.nowMs();
  }
}
