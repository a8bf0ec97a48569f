const everyMs = 2_000;

/** Prints lines about a long task, at most one every 2 seconds. */
export class Progress {
  private saidAtMs: number;
  private readonly begunAtMs: number;
  private begunAt: number | undefined;

  constructor(
    private readonly report: (line: string) => void,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.begunAtMs = nowMs();
    this.saidAtMs = this.begunAtMs;
  }

  /** `done` of `total` (0: unknown), e.g. `copied 1200 of 5000 events (24 %, 600/s)`. */
  at(what: string, done: number, total = 0): void {
    this.begunAt ??= done;
    const nowMs = this.nowMs();
    if (nowMs - this.saidAtMs < everyMs) return;
    this.saidAtMs = nowMs;
    const perSecond = Math.round(((done - this.begunAt) * 1_000) / (nowMs - this.begunAtMs));
    const share = total > 0 ? `${Math.floor((100 * done) / total)} %, ` : '';
    this.report(`${what} ${done}${total > 0 ? ` of ${total}` : ''} events (${share}${perSecond}/s)`);
  }
}
