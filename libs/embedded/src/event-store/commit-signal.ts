import type { EventLog } from './event-log';

/**
 * Lets one reader wait for the log to grow. A commit between two waits is remembered, so "read, find nothing, wait"
 * never sleeps through an event.
 */
export class CommitSignal {
  private grown = false;
  private wake: (() => void) | undefined;
  private readonly stop: () => void;

  constructor(log: EventLog) {
    this.stop = log.onCommitted(() => {
      this.grown = true;
      this.wake?.();
    });
  }

  /** Resolves after the next commit since the last wait, or when the signal aborts. */
  async grew(aborted: AbortSignal): Promise<void> {
    if (!this.grown && !aborted.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        aborted.addEventListener('abort', () => resolve(), { once: true });
      });
      this.wake = undefined;
    }
    this.grown = false;
  }

  close(): void {
    this.stop();
  }
}
