import type { NatsConnection, Subscription } from 'nats';
import { Notice, noticeIn } from './change-notice';

/** Publishers remembered; a process has one for each subject. */
const publishersMax = 64;

/**
 * Calls listeners when something of their topic may have changed: when it was told, when a notice was missed, and when
 * a publisher is heard for the first time.
 */
export class ChangeListener {
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly heard = new Map<string, number>();
  private readonly subscription: Subscription;

  constructor(connection: NatsConnection, subject: string) {
    // nats.js (2.x) closes the whole connection when a callback throws, so this one must not.
    this.subscription = connection.subscribe(subject, {
      callback: (error, message) => {
        const notice = error ? undefined : noticeIn(message.data);
        if (notice) this.hear(notice);
      },
    });
  }

  /** Calls `listener`, which must not throw, from now on. Returns the function that ends it. */
  on(topic: string, listener: () => void): () => void {
    const all = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.listeners.get(topic) === all) this.listeners.delete(topic);
    };
  }

  /** Ends it. */
  close(): void {
    if (!this.subscription.isClosed()) this.subscription.unsubscribe();
  }

  private hear({ by, seq, topics }: Notice): void {
    const before = this.heard.get(by);
    this.heard.delete(by);
    this.heard.set(by, seq);
    if (this.heard.size > publishersMax) this.heard.delete(this.heard.keys().next().value!);
    // One that says only that it is there has the number of its last notice.
    const missed = before === undefined || seq > before + 1 || (topics?.length === 0 && seq !== before);
    if (missed || topics === undefined) return this.call(this.listeners.values());
    this.call(topics.map((topic) => this.listeners.get(topic)));
  }

  private call(sets: Iterable<ReadonlySet<() => void> | undefined>): void {
    for (const listeners of [...sets]) for (const listener of [...(listeners ?? [])]) listener();
  }
}
