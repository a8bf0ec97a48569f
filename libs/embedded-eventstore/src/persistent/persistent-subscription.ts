import type { EventLog } from '../event-log';
import { CheckpointStore } from './checkpoint-store';
import { consumerStrategy } from './consumer-strategies';
import type { EventSource } from './event-source';
import { Group, type NackAction } from './group';
import type { GroupConfig } from './group-config';
import type { Message } from './message';
import { MessageParker } from './message-parker';
import type { Reader } from './reader';
import { isConsumerStrategyName } from './settings';
import type { OnUnexpected } from './unary';

const pageSizeMax = 128;
const pagesPerTurnMax = 4;
const replayPageSize = 64;

/** What a running subscription needs. */
export interface PersistentSubscriptionParts {
  readonly log: EventLog;
  readonly config: GroupConfig;
  /** The cursor for the checkpoint given. */
  readonly source: (checkpoint: bigint | undefined) => EventSource;
  readonly nowMs: () => number;
  /** Hears why the log could not be read, or an event not be parked; both are tried again. */
  readonly onUnexpected: OnUnexpected;
}

/**
 * A group at work: moves its cursor through the log into the group, and carries out what the group decides. Reads a few
 * pages a turn of the event loop, and only while the group's buffer has room.
 */
export class PersistentSubscription {
  readonly config: GroupConfig;
  readonly group: Group;
  readonly parker: MessageParker;
  readonly checkpoints: CheckpointStore;
  /** The place of the last event met that was for this group. */
  lastKnown: bigint | undefined;
  readonly createdAtMs: number;
  /** Items and time at the last look at the statistics, for averages in between. */
  readonly lastMeasurement: { items: number; atMs: number };
  private readonly source: EventSource;
  private readonly nowMs: () => number;
  private readonly onUnexpected: OnUnexpected;
  private readonly parking = new Set<Promise<void>>();
  private readonly unparked = new Map<Message, string>();
  private replaying: { next: bigint; end: bigint } | undefined;
  /** How far parked events have been replayed in this run: `$tb` says so only once it is durable. */
  private replayedTo = 0n;
  private live = false;
  private scheduled = false;
  private state: 'running' | 'tombstoned' | 'stopped' = 'running';

  constructor({ log, config, source, nowMs, onUnexpected }: PersistentSubscriptionParts) {
    this.config = config;
    this.nowMs = nowMs;
    this.onUnexpected = onUnexpected;
    this.createdAtMs = nowMs();
    this.lastMeasurement = { items: 0, atMs: this.createdAtMs };
    this.parker = new MessageParker(log, config.stream, config.group);
    this.checkpoints = new CheckpointStore(log, config.stream, config.group);
    this.source = source(this.checkpoints.checkpoint);
    const { settings } = config;
    const strategy = isConsumerStrategyName(settings.consumerStrategy) ? settings.consumerStrategy : 'RoundRobin';
    const effects = {
      park: (message: Message, reason: string) => this.park(message, reason),
      checkpoint: (place: bigint) => this.checkpoints.write(place),
    };
    this.group = new Group(settings, consumerStrategy(strategy), effects, this.checkpoints.checkpoint);
  }

  /** `Live`, `Behind`, and what else is under way, joined as EventStoreDB 24.10 does. */
  get status(): string {
    return [
      this.live ? '' : 'Behind',
      !this.live && this.scheduled ? 'OutstandingPageRequest' : '',
      this.replaying === undefined ? '' : 'ReplayingParkedMessages',
      this.live ? 'Live' : '',
    ]
      .filter((flag) => flag !== '')
      .join(', ');
  }

  /** The reader has been confirmed. On a stream closed for ever it is dropped at once. */
  connect(reader: Reader): void {
    if (this.state !== 'running') {
      reader.connection.drop();
      return;
    }
    this.group.connect(reader, this.nowMs());
    this.wake();
  }

  disconnect(reader: Reader): void {
    this.group.disconnect(reader, this.nowMs());
    this.wake();
  }

  ack(reader: Reader, ids: Iterable<string>): void {
    if (this.state === 'stopped') return;
    this.group.ack(reader, ids, this.nowMs());
    this.wakeWhenBehind();
  }

  nack(reader: Reader, ids: Iterable<string>, action: NackAction, reason: string): void {
    if (this.state === 'stopped') return;
    this.group.nack(reader, ids, action, reason, this.nowMs());
    this.wakeWhenBehind();
  }

  /** A reader's connection takes events again. */
  resume(): void {
    if (this.state === 'running') this.group.push(this.nowMs());
    this.wakeWhenBehind();
  }

  /** Once a second. Writes that failed are tried again here. */
  tick(): void {
    if (this.state === 'stopped') return;
    this.group.tick(this.nowMs());
    this.checkpoints.retry();
    const unparked = [...this.unparked];
    this.unparked.clear();
    for (const [message, reason] of unparked) this.park(message, reason);
    this.wakeWhenBehind();
  }

  /** Something was committed, or there may be room again: go on soon. */
  wake(): void {
    if (this.scheduled || this.state !== 'running') return;
    this.scheduled = true;
    setImmediate(() => this.turn());
  }

  /**
   * Gives parked events out again, oldest first, up to but not including number `stopAt`. `$tb` is moved, durably,
   * before this resolves; the events follow as readers have room. Nothing parked: nothing happens.
   */
  async replayParked(stopAt: bigint | undefined): Promise<void> {
    const parked = this.parker.range();
    const end = stopAt !== undefined && stopAt < parked.end ? stopAt : parked.end;
    const first = parked.first > this.replayedTo ? parked.first : this.replayedTo;
    if (this.state === 'stopped' || first >= end) return;
    // A replay under way goes on to the new end.
    this.replaying = { next: this.replaying?.next ?? first, end };
    this.replayedTo = end;
    this.group.holdsNew = true;
    this.wake();
    await this.parker.markReplayed(end);
  }

  /** Drops all readers and takes no more; resolves when no write is under way. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    this.dropReaders();
    await Promise.all([this.checkpoints.idle(), ...this.parking]);
  }

  private dropReaders(): void {
    for (const reader of this.group.disconnectAll()) reader.connection.drop();
  }

  private wakeWhenBehind(): void {
    if (!this.live || this.replaying !== undefined) this.wake();
  }

  private turn(): void {
    this.scheduled = false;
    if (this.state !== 'running') return;
    try {
      this.readReplay();
      const more = this.readPages();
      this.group.push(this.nowMs());
      if (more || this.group.holdsNew) this.wake();
    } catch (error) {
      this.onUnexpected(error);
      // The log cannot be read. Readers are told by being dropped; the next commit or tick tries again.
      this.live = false;
      this.dropReaders();
    }
  }

  private readReplay(): void {
    for (let page = 0; page < pagesPerTurnMax && this.replaying !== undefined && this.group.hasReplayRoom; page += 1) {
      const { next: from, end } = this.replaying;
      const { events, next } = this.parker.read(from, end, replayPageSize, this.nowMs());
      for (const event of events) this.group.replay(event);
      this.replaying = next < end ? { next, end } : undefined;
    }
    this.group.holdsNew = this.replaying !== undefined && this.group.hasReplayRoom;
  }

  /** Whether there is more to read at once. */
  private readPages(): boolean {
    for (let page = 0; page < pagesPerTurnMax; page += 1) {
      const { room } = this.group;
      if (room === 0 || room <= this.config.settings.readBatchSize) {
        this.live = false;
        return false;
      }
      if (this.readPage(Math.min(room, pageSizeMax))) return false;
      this.group.push(this.nowMs());
    }
    return true;
  }

  /** Whether that was all. */
  private readPage(limit: number): boolean {
    const nowMs = this.nowMs();
    const { steps, atEnd, tombstoned } = this.source.read(limit, this.live, nowMs);
    for (const step of steps) {
      if ('skipped' in step) this.group.skip(step.skipped, step.place, nowMs);
      else {
        this.group.offer(step.resolved, step.place);
        this.lastKnown = step.place;
      }
    }
    this.live = atEnd;
    if (tombstoned) {
      this.state = 'tombstoned';
      this.dropReaders();
    }
    return atEnd;
  }

  private park(message: Message, reason: string): void {
    const parked = this.parker
      .park(message, reason, this.nowMs())
      .then(
        () => this.group.parked(message, this.nowMs()),
        (error: unknown) => {
          this.onUnexpected(error);
          this.unparked.set(message, reason);
        },
      )
      .finally(() => this.parking.delete(parked));
    this.parking.add(parked);
  }
}
