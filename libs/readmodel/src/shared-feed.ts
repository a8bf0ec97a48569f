import type { EventStoreDBClient } from '@eventstore/db-client';
import { EventStore, LogEvent, LogSubscription } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';

/** Who is given the events of a shared feed. Neither call may throw or wait. */
export interface FeedListener {
  readonly categories: readonly string[];
  take(event: LogEvent): void;
  /** The feed is over; nothing more comes. */
  failed(error: HarkError): void;
}

/**
 * What comes into the log, from one subscription for all the read models of a process that share a connection: an event is
 * received and decoded once, however many tables want it. It waits for nobody: a listener that falls behind must leave
 * (`FeedReader`).
 */
export class SharedFeed {
  private static readonly feeds = new WeakMap<EventStoreDBClient, SharedFeed>();
  private readonly listeners = new Set<FeedListener>();
  private readonly categories = new Set<string>();
  private subscription: LogSubscription | undefined;
  /** Everything up to here was given to the listeners. */
  private position = -1n;
  /** Joining one after the other: the first one finds out where the log ends. */
  private joining: Promise<unknown> = Promise.resolve();

  private constructor(private readonly store: EventStore) {}

  /** The feed of the store's connection. */
  static of(store: EventStore): SharedFeed {
    const { client } = store.session;
    const feed = this.feeds.get(client) ?? new SharedFeed(store);
    this.feeds.set(client, feed);
    return feed;
  }

  /**
   * From the position that is returned on, `listener` is given every event of its categories. The position lies in the log:
   * what a subscription that begins later has read when it has caught up is not before it. Throws when the store is away.
   */
  join(listener: FeedListener): Promise<bigint> {
    const joined = this.joining.then(() => this.add(listener));
    this.joining = joined.catch(() => undefined);
    return joined;
  }

  /** Nothing more is given to `listener`. The last one ends the subscription. */
  leave(listener: FeedListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.end();
  }

  private async add(listener: FeedListener): Promise<bigint> {
    if (!this.subscription) this.position = await this.store.head();
    this.listeners.add(listener);
    const known = this.categories.size;
    for (const category of listener.categories) this.categories.add(category);
    if (!this.subscription || this.categories.size > known) this.subscribe();
    return this.position;
  }

  private subscribe(): void {
    this.subscription?.close();
    const filter = { categories: [...this.categories] };
    this.subscription = new LogSubscription(this.store.session, filter, this.position, {
      event: (event) => {
        this.position = event.position;
        for (const listener of this.listeners) {
          if (listener.categories.includes(event.category)) listener.take(event);
        }
      },
      caughtUp: () => undefined,
      failed: (error) => {
        const listeners = [...this.listeners];
        this.listeners.clear();
        this.end();
        for (const listener of listeners) listener.failed(error);
      },
    });
  }

  private end(): void {
    this.subscription?.close();
    this.subscription = undefined;
    this.categories.clear();
  }
}
