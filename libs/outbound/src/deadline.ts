import { performance } from 'node:perf_hooks';

/** The time by which a request must have ended, on the monotonic clock. */
export class Deadline {
  private readonly endMs: number;

  constructor(timeoutMs: number) {
    this.endMs = performance.now() + timeoutMs;
  }

  /** Milliseconds left; 0 when it has passed. */
  remainingMs(): number {
    return Math.max(0, this.endMs - performance.now());
  }
}
