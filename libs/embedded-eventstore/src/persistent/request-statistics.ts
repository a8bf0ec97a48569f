const windowSize = 1_000;
const percentiles = [90, 95, 99, 99.5, 99.9] as const;

/** How long a reader takes for an event: the last thousand times between delivery and answer, in milliseconds. */
export class RequestStatistics {
  private readonly times: number[] = [];
  private next = 0;

  record(ms: number): void {
    this.times[this.next] = Math.max(0, Math.floor(ms));
    this.next = (this.next + 1) % windowSize;
  }

  /** Keys as EventStoreDB 24.10 spells them; nothing before the first answer. */
  measurements(): [key: string, ms: number][] {
    if (this.times.length === 0) return [];
    const sorted = this.times.toSorted((a, b) => a - b);
    const at = (percentile: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor((percentile / 100) * sorted.length))] ?? 0;
    const sum = sorted.reduce((total, ms) => total + ms, 0);
    return [
      ['Mean', Math.floor(sum / sorted.length)],
      ['Median', sorted[Math.floor(sorted.length / 2)] ?? 0],
      ['Fastest', sorted[0] ?? 0],
      ...[0, 20, 40, 60, 80].map((p, i): [string, number] => [`Quintile ${i + 1}`, at(p)]),
      ...percentiles.map((p): [string, number] => [`${p}%`, at(p)]),
      ['Highest', sorted.at(-1) ?? 0],
    ];
  }
}
