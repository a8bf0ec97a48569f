import type { NatsConnection } from 'nats';
import { uuid7 } from '@hark/kernel';
import { Notice } from './change-notice';

/** The most topics in one message; more are told in several. */
const topicsMax = 1_000;
/** How often a publisher that has nothing to tell says that it is there, so that what was lost is noticed. */
const aliveEveryMs = 2_000;

/**
 * Tells whoever listens on `subject` that something changed, not what: NATS may lose it, and anybody inside may send it.
 * Listeners ask the service that knows, and notice what they missed.
 */
export class ChangePublisher {
  private readonly by = uuid7();
  private readonly timer: NodeJS.Timeout;
  private seq = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly subject: string,
  ) {
    this.timer = setInterval(() => this.send([], false), aliveEveryMs).unref();
  }

  /** Something changed of each of these; of anything when it is not known what. Never throws. */
  changed(topics: Iterable<string> | undefined): void {
    if (topics === undefined) return this.send(undefined, true);
    const all = [...new Set(topics)];
    for (let at = 0; at < all.length; at += topicsMax) this.send(all.slice(at, at + topicsMax), true);
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.timer);
  }

  private send(topics: readonly string[] | undefined, counts: boolean): void {
    if (counts) this.seq += 1;
    const notice: Notice = { by: this.by, seq: this.seq, ...(topics && { topics }) };
    try {
      this.connection.publish(this.subject, JSON.stringify(notice));
    } catch {
      // The connection is closed or its buffer is full. The number tells listeners that they missed something.
    }
  }
}
