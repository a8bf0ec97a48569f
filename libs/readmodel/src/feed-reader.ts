import { EventStore, LogEvent } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { CatchUpSubscription } from './catch-up-subscription';
import { FeedListener, SharedFeed } from './shared-feed';

const queueMaxDefault = 2_000;

/**
 * The events of some categories in the order of the log, from a position on, for one reader. Usually out of the process's
 * shared feed; a reader that begins or falls behind has a subscription of its own until it has caught up, so that it neither
 * delays the others nor makes the queue grow.
 */
export class FeedReader implements FeedListener {
  private queue: LogEvent[] = [];
  private feed: SharedFeed | undefined;
  /** Where the feed began to fill the queue: before that, `behind` has it. */
  private joinedAt = -1n;
  private behind: CatchUpSubscription | undefined;
  private failure: HarkError | undefined;
  private closed = false;
  private wake: (() => void) | undefined;

  /** Begins after `position`; -1 is before the first event. */
  constructor(
    private readonly store: EventStore,
    readonly categories: readonly string[],
    private position: bigint,
    private readonly queueMax = queueMaxDefault,
  ) {}

  /**
   * The next events as soon as there is one. `[]` after `waitMs` without any, and after `close`. Throws when the log cannot be
   * read; the reader is of no use then.
   */
  async next(waitMs = 2 ** 31 - 1): Promise<LogEvent[]> {
    while (!this.closed) {
      if (this.failure) throw this.failure;
      const events = this.behind ? await this.behind.next() : this.queue;
      if (events.length > 0) {
        if (events === this.queue) this.queue = [];
        this.position = events[events.length - 1]!.position;
        return events;
      }
      if (this.behind) this.caughtUp();
      else if (!this.feed) await this.join();
      else if (!(await this.comes(waitMs))) return [];
    }
    return [];
  }

  /** Like `next`, but returns at once, with whatever is at hand. */
  rest(): LogEvent[] {
    if (this.behind || this.queue.length === 0) return [];
    const events = this.queue;
    this.queue = [];
    this.position = events[events.length - 1]!.position;
    return events;
  }

  take(event: LogEvent): void {
    // A subscription of our own may have been ahead of the feed when it had caught up.
    if (event.position <= this.position) return;
    if (this.queue.length >= this.queueMax) return this.leave();
    this.queue.push(event);
    this.wake?.();
  }

  failed(error: HarkError): void {
    this.failure = error;
    this.behind?.close();
    this.wake?.();
  }

  /** A waiting `next` answers `[]`. */
  close(): void {
    this.closed = true;
    this.leave();
    this.behind?.close();
    this.wake?.();
  }

  private async join(): Promise<void> {
    const feed = SharedFeed.of(this.store);
    this.feed = feed;
    this.joinedAt = await feed.join(this);
    if (this.closed) return feed.leave(this);
    if (this.position < this.joinedAt) {
      this.behind = new CatchUpSubscription(this.store, { categories: this.categories }, this.position);
    } else this.skipTo(this.position);
  }

  /** What came until the feed began has been read. The feed may have been left again meanwhile: then there is a gap. */
  private caughtUp(): void {
    this.behind?.close();
    this.behind = undefined;
    if (this.position < this.joinedAt) this.position = this.joinedAt;
    if (this.feed) this.skipTo(this.position);
    else this.queue = [];
  }

  private skipTo(position: bigint): void {
    this.queue = this.queue.filter((event) => event.position > position);
  }

  /** What is in the queue is still read, then the rest is fetched. */
  private leave(): void {
    this.feed?.leave(this);
    this.feed = undefined;
  }

  /** False when nothing came for `waitMs`. */
  private async comes(waitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const came = await new Promise<boolean>((resolve) => {
      this.wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), waitMs);
    });
    this.wake = undefined;
    clearTimeout(timer);
    return came;
  }
}
