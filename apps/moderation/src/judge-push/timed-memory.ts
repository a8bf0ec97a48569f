/** What was learnt a short while ago. At most `entriesMax` things, each for `keepMs` at most; the oldest go first. */
export class TimedMemory<Value> {
  private readonly entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();

  constructor(
    private readonly keepMs: number,
    private readonly entriesMax: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry && entry.untilMs > this.nowMs()) return entry.value;
    return undefined;
  }

  set(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, { value, untilMs: this.nowMs() + this.keepMs });
    if (this.entries.size > this.entriesMax) this.entries.delete(this.entries.keys().next().value!);
  }

  /** Forgets this value; a later one under the same key stays. */
  delete(key: string, value: Value): void {
    if (this.entries.get(key)?.value === value) this.entries.delete(key);
  }
}
