import type { EventLog } from './event-log';

/**
 * Lets one reader wait for the log to grow. A commit between two waits is remembered, so "read, find nothing, wait"
 * never sleeps through an event. Nothing is left behind by a wait, however many there are.
 */
export class CommitSignal {
  private grown = false;
  private wake: (() => void) | undefined;
  private readonly stop: () => void;
  private readonly rouse = (): void => {
    this.grown = true;
    this.wake?.();
  };

  constructor(
    log: EventLog,
    private readonly aborted: AbortSignal,
  ) {
    this.stop = log.onCommitted(this.rouse);
    aborted.addEventListener('abort', this.rouse, { once: true });
  }

  /** Resolves after the next commit since the last wait, or when the reader is gone. */
  async grew(): Promise<void> {
    if (!this.grown && !this.aborted.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    this.grown = false;
  }

  close(): void {
    this.stop();
    this.aborted.removeEventListener('abort', this.rouse);
  }
}
