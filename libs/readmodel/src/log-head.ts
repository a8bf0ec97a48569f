/**
 * How far the log goes, as far as is known here. Concurrent questions share one read, so that made-up positions cost
 * the store next to nothing.
 */
export class LogHead {
  private known = -1n;
  private reading: Promise<void> | undefined;

  /** `read` answers the position of the log's last event. */
  constructor(private readonly read: () => Promise<bigint>) {}

  /** Whether the log goes as far as `position`. Throws what `read` throws. */
  async reaches(position: bigint): Promise<boolean> {
    if (this.known >= position) return true;
    // A read under way may have begun before the write with this position: read once more.
    await this.reading;
    if (this.known >= position) return true;
    await (this.reading ??= this.look());
    return this.known >= position;
  }

  private async look(): Promise<void> {
    try {
      const head = await this.read();
      if (head > this.known) this.known = head;
    } finally {
      this.reading = undefined;
    }
  }
}
