import { setTimeout as pause } from 'node:timers/promises';
import { AllStreamSubscription, START, streamNameFilter } from '@eventstore/db-client';
import { EventStore, RecordedEvent, toHarkError, toRecordedEvent } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { atStart } from './checkpoints';

const bufferMax = 2_000;
// EventStoreDB sends a checkpoint every 32 × this many events. Few, because we keep our own positions and use none.
const checkpointInterval = 1_000;

/** The events of some categories in the order of the log, from a position on, for one reader. */
export class CatchUpSubscription {
  private readonly buffer: RecordedEvent[] = [];
  private readonly subscription: AllStreamSubscription;
  private failure: HarkError | undefined;
  private sawEnd = false;
  private closed = false;
  private readonly unlisten: () => void;
  private wake: (() => void) | undefined;

  /** Begins after `from`. */
  constructor(store: EventStore, categories: readonly string[], from: bigint) {
    const { client, over } = store.session;
    this.subscription = client.subscribeToAll({
      fromPosition: from === atStart ? START : { commit: from, prepare: from },
      filter: streamNameFilter({ prefixes: categories.map((category) => `${category}-`), checkpointInterval }),
    });
    this.subscription.on('data', ({ event }) => {
      const recorded = toRecordedEvent(event);
      if (!recorded) return;
      this.buffer.push(recorded);
      if (this.buffer.length >= bufferMax) this.subscription.pause();
      this.wake?.();
    });
    this.subscription.on('caughtUp', () => {
      this.sawEnd = true;
      this.wake?.();
    });
    this.subscription.on('error', (error) => this.fail(toHarkError(error)));
    const ended = () => this.fail(new HarkError('unavailable', 'eventstore.ended', 'the feed ended'));
    this.subscription.on('end', ended);
    over.addEventListener('abort', ended);
    this.unlisten = () => over.removeEventListener('abort', ended);
  }

  /**
   * The next events, at most `eventsMax`, as soon as there is one. With `untilEnd`, `[]` once everything that was in
   * the log at the beginning has been returned; without it, waits. `[]` after `close`. Throws when the subscription is
   * over.
   */
  async next(eventsMax: number, untilEnd = false): Promise<RecordedEvent[]> {
    for (;;) {
      if (this.closed) return [];
      if (this.buffer.length > 0) {
        const events = this.buffer.splice(0, eventsMax);
        if (this.subscription.isPaused() && this.buffer.length < bufferMax / 2) this.subscription.resume();
        return events;
      }
      if (this.failure) throw this.failure;
      if (untilEnd && this.sawEnd && this.subscription.readableLength === 0) return [];
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  /**
   * Like `next`, but after the first event waits `lingerMs` for more, so that events arriving singly share a
   * transaction.
   */
  async readBatch(eventsMax: number, lingerMs: number): Promise<RecordedEvent[]> {
    const events = await this.next(eventsMax);
    if (events.length === 0 || events.length >= eventsMax) return events;
    await pause(lingerMs);
    return this.buffer.length === 0 || this.closed ? events : events.concat(await this.next(eventsMax - events.length));
  }

  /** Unsubscribes; a waiting `next` answers `[]`. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.unlisten();
    this.wake?.();
    const { subscription } = this;
    subscription.removeAllListeners('data');
    void subscription
      .unsubscribe()
      .catch(() => undefined)
      .finally(() => subscription.destroy());
  }

  private fail(failure: HarkError): void {
    this.failure ??= failure;
    this.wake?.();
  }
}
