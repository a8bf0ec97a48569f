import { originalOf, type ResolvedEvent } from '../links';
import { type CheckpointMark, CheckpointTracker } from './checkpoint-tracker';
import type { ConsumerStrategy } from './consumer-strategy';
import type { Message } from './message';
import { MessageQueue } from './message-queue';
import { type Outstanding, OutstandingMessages } from './outstanding-messages';
import type { Reader } from './reader';
import { RetryQueue } from './retry-queue';
import type { GroupSettings } from './settings';

/** Large events fill the buffer before their number does. */
const bufferedBytesMax = 16 * 1_048_576;
/** Replayed parked events that wait at the same time. */
const replayedMax = 5_000;

/** What a reader asks for with a nack. `stop` does what `skip` does, as in EventStoreDB 24.10. */
export type NackAction = 'retry' | 'park' | 'skip' | 'stop';

/** What a group wants done outside. */
export interface GroupEffects {
  /** Write the event's link to the parked stream and call `parked` once that is durable. */
  park(message: Message, reason: string): void;
  /** Write this checkpoint. Later ones supersede it. */
  checkpoint(place: bigint): void;
}

/**
 * The rules of one persistent subscription group, without I/O and without a clock: who is given what, what a nack, a
 * timeout or a lost reader means, when an event is parked and how far the checkpoint may go. At least once: an event is
 * finished by an ack, a skip, or its link in the parked stream, and by nothing else.
 */
export class Group {
  readonly readers = new Set<Reader>();
  /** How many events have been given out, repeats included. */
  totalItems = 0;
  /** New events wait: parked ones that go before them are being fetched. */
  holdsNew = false;
  private readonly retries = new RetryQueue();
  private readonly buffer = new MessageQueue();
  private readonly outstanding = new OutstandingMessages();
  private readonly parking = new Set<Message>();
  private readonly checkpoints: CheckpointTracker;

  /** `checkpoint`: where an earlier run of the group got to, if it did. */
  constructor(
    private readonly settings: GroupSettings,
    private readonly strategy: ConsumerStrategy,
    private readonly effects: GroupEffects,
    checkpoint: bigint | undefined,
  ) {
    this.checkpoints = new CheckpointTracker(settings, checkpoint);
  }

  /** How many more events may be offered before the buffer is full. */
  get room(): number {
    if (this.buffer.bytes + this.retries.bytes >= bufferedBytesMax) return 0;
    return this.settings.historyBufferSize - this.buffer.size - this.retries.size;
  }

  /** Whether more parked events may be replayed before those that wait have been given out. */
  get hasReplayRoom(): boolean {
    return this.retries.size < replayedMax && this.retries.bytes < bufferedBytesMax;
  }

  get readBufferCount(): number {
    return this.buffer.size;
  }

  get retryBufferCount(): number {
    return this.retries.size;
  }

  /** Held by readers or on the way to the parked stream. */
  get outstandingCount(): number {
    return this.outstanding.size + this.parking.size;
  }

  get isFull(): boolean {
    return this.settings.maxSubscriberCount !== 0 && this.readers.size >= this.settings.maxSubscriberCount;
  }

  /** The next event of the log, in order. `push` gives it out. */
  offer(resolved: ResolvedEvent, place: bigint): void {
    this.enqueue(this.buffer, resolved, this.checkpoints.begin(place));
  }

  /** Events the filter left out, the last of them at `place`. */
  skip(count: number, place: bigint, nowMs: number): void {
    this.checkpoints.skip(count, place);
    this.writeCheckpointIfDue(nowMs, false);
  }

  /** A parked event once more: before all new ones, with its retries forgotten. */
  replay(resolved: ResolvedEvent): void {
    this.enqueue(this.retries, resolved, undefined);
  }

  connect(reader: Reader, nowMs: number): void {
    this.readers.add(reader);
    this.strategy.added(reader);
    this.push(nowMs);
  }

  /** What the reader held goes back with one more retry, and is never parked for it. */
  disconnect(reader: Reader, nowMs: number): void {
    if (!this.remove(reader)) return;
    this.push(nowMs);
  }

  /** All readers at once, so that none is given what another held. They come back in the order they connected. */
  disconnectAll(): Reader[] {
    const readers = [...this.readers];
    for (const reader of readers) this.remove(reader);
    return readers;
  }

  /** Ids nobody holds are ignored. */
  ack(reader: Reader, ids: Iterable<string>, nowMs: number): void {
    for (const id of ids) {
      const outstanding = this.answered(id, reader, nowMs);
      if (outstanding !== undefined) this.finish(outstanding.message);
    }
    this.writeCheckpointIfDue(nowMs, false);
    this.push(nowMs);
  }

  nack(reader: Reader, ids: Iterable<string>, action: NackAction, reason: string, nowMs: number): void {
    for (const id of ids) {
      const outstanding = this.answered(id, reader, nowMs);
      if (outstanding === undefined) continue;
      const { message } = outstanding;
      if (action === 'retry') this.retryOrPark(message);
      else if (action === 'park') this.park(message, `Client explicitly NAK'ed message.\n${reason}`);
      else this.finish(message);
    }
    this.writeCheckpointIfDue(nowMs, false);
    this.push(nowMs);
  }

  /** The event's link is durable in the parked stream. */
  parked(message: Message, nowMs: number): void {
    if (!this.parking.delete(message)) return;
    this.finish(message);
    this.writeCheckpointIfDue(nowMs, false);
  }

  /** Once a second: what readers have held too long is retried or parked, and checkpoints fall due by time. */
  tick(nowMs: number): void {
    for (const outstanding of this.outstanding.takeExpired(nowMs - this.settings.messageTimeoutMs)) {
      this.release(outstanding);
      this.retryOrPark(outstanding.message);
    }
    this.push(nowMs);
    this.writeCheckpointIfDue(nowMs, true);
  }

  /** Gives out whatever readers have slots for: retries first, then new events. */
  push(nowMs: number): void {
    if (this.readers.size === 0) return;
    const choose = (message: Message) => this.strategy.choose(message);
    const give = (message: Message, reader: Reader): void => {
      reader.inFlight += 1;
      reader.totalItems += 1;
      this.totalItems += 1;
      this.outstanding.add({ message, reader, sentAtMs: nowMs });
      reader.connection.send(message);
    };
    if (this.retries.giveOut(choose, give) && !this.holdsNew) this.buffer.giveOut(choose, give);
  }

  private remove(reader: Reader): boolean {
    if (!this.readers.delete(reader)) return false;
    this.strategy.removed(reader);
    for (const { message } of this.outstanding.takeOf(reader)) this.queueRetry(message);
    reader.inFlight = 0;
    return true;
  }

  private enqueue(queue: MessageQueue, resolved: ResolvedEvent, mark: CheckpointMark | undefined): void {
    const original = originalOf(resolved);
    if (original === undefined) throw new Error('a resolved event without event and link');
    queue.add({ resolved, original, mark, retryCount: 0 });
  }

  private answered(id: string, reader: Reader, nowMs: number): Outstanding | undefined {
    const outstanding = this.outstanding.take(id, reader);
    if (outstanding === undefined) return undefined;
    outstanding.reader.statistics?.record(nowMs - outstanding.sentAtMs);
    this.release(outstanding);
    return outstanding;
  }

  private release({ reader, message }: Outstanding): void {
    reader.inFlight -= 1;
    this.strategy.released(reader, message);
  }

  private retryOrPark(message: Message): void {
    const { maxRetryCount } = this.settings;
    if (message.retryCount >= maxRetryCount) this.park(message, `Reached retry count of ${maxRetryCount}`);
    else this.queueRetry(message);
  }

  private queueRetry(message: Message): void {
    message.retryCount += 1;
    this.retries.add(message);
  }

  private park(message: Message, reason: string): void {
    this.parking.add(message);
    this.effects.park(message, reason);
  }

  private finish({ mark }: Message): void {
    if (mark !== undefined) this.checkpoints.finish(mark);
  }

  private writeCheckpointIfDue(nowMs: number, isTick: boolean): void {
    const place = this.checkpoints.due(nowMs, isTick);
    if (place !== undefined) this.effects.checkpoint(place);
  }
}
