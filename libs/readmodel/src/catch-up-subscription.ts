import { EventStore, LogEvent, LogFilter, LogSubscription } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';

const bufferMax = 2_000;

/** The events of the log from a position on, as fast as its one reader takes them: the rest waits in the store. */
export class CatchUpSubscription {
  private buffer: LogEvent[] = [];
  private readonly subscription: LogSubscription;
  private failure: HarkError | undefined;
  private sawEnd = false;
  private closed = false;
  private wake: (() => void) | undefined;

  /** Begins after `from`; -1 is before the first event. */
  constructor(store: EventStore, filter: LogFilter, from: bigint) {
    this.subscription = new LogSubscription(store.session, filter, from, {
      event: (event) => {
        this.buffer.push(event);
        if (this.buffer.length >= bufferMax) this.subscription.pause();
        this.wake?.();
      },
      caughtUp: () => {
        this.sawEnd = true;
        this.wake?.();
      },
      failed: (error) => {
        this.failure = error;
        this.wake?.();
      },
    });
  }

  /**
   * The next events as soon as there is one, some thousand at most; `[]` once everything
   * that was in the log at the beginning has been returned, and after `close`. Throws when the subscription is over.
   */
  async next(): Promise<LogEvent[]> {
    for (;;) {
      if (this.closed) return [];
      if (this.buffer.length > 0) {
        const events = this.buffer;
        this.buffer = [];
        if (this.subscription.isPaused) this.subscription.resume();
        return events;
      }
      if (this.failure) throw this.failure;
      if (this.sawEnd) return [];
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  /** Unsubscribes; a waiting `next` answers `[]`. */
  close(): void {
    this.closed = true;
    this.subscription.close();
    this.wake?.();
  }
}
