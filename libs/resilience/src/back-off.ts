/**
 * Waiting times that double from `firstMs` to `mostMs`, each shortened at random by up to half, so that many waiters
 * do not come back at once. `reset` after a success.
 */
export class BackOff {
  private step = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** How long to wait before the next try. */
  nextMs(): number {
    const fullMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.step, 30));
    this.step += 1;
    return Math.ceil(fullMs * (1 - this.random() / 2));
  }

  reset(): void {
    this.step = 0;
  }
}

/** Waits `ms`, or less when `signal` aborts. Never throws. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
