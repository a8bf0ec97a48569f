import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { Checkpointer } from './checkpointer';
import { decideAppend, type StreamFacts } from './decide-append';
import {
  type AppendOutcome,
  type EventHead,
  type EventLog,
  type ExpectedRevision,
  type LogEvent,
  MAX64,
  type NewEvent,
  type ScannedPage,
  type StreamState,
} from './event-log';
import { EventTables, tombstoneRevision } from './event-tables';
import { GenerationCache } from './generation-cache';
import {
  noMetadata,
  parseStreamMetadata,
  softDeleteMetadata,
  type StreamMetadata,
  withTruncateBefore,
} from './stream-metadata';
import { baseOfMetastream, isHiddenFromAll, isMetastream, metastreamOf } from './system-streams';

const groupAppendsMax = 256;
const streamsCachedMax = 20_000;
/** About what an event takes in the write-ahead log beside its payload: its place in the log and in the index. */
const pagesPerEvent = 3;
const pageBytes = 4_096;
const noBytes = new Uint8Array(0);
const metastreamRules: StreamMetadata = { maxCount: 1n };

/** A stream as the writer knows it. `key` is absent until its first event. */
interface Stream {
  readonly name: string;
  key: number | undefined;
  last: number;
  tombstoned: boolean;
  metadata: StreamMetadata | undefined;
}

interface Waiting {
  readonly apply: () => AppendOutcome;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The log in one SQLite file. Appends of one turn of the event loop share a transaction and its fsync; none is answered
 * before it. When the disk refuses, every append of the group is tried once more alone, and what still fails is
 * rejected as `unavailable` with nothing written.
 */
export class SqliteEventLog implements EventLog {
  private readonly tables: EventTables;
  private readonly checkpointer: Checkpointer;
  private groupBytes = 0;
  private waiting: Waiting[] = [];
  private flushing = false;
  private closed = false;
  private durableHead: number;
  private nextPosition: number;
  private readonly streams = new GenerationCache<string, Stream>(streamsCachedMax);
  private readonly listeners = new Set<(head: number) => void>();

  /** Opens or creates the log in `dataDir`. Fails with `unavailable` when another server has it open. */
  constructor(
    dataDir: string,
    private readonly nowMs: () => number = Date.now,
  ) {
    const file = join(dataDir, 'events.db');
    try {
      mkdirSync(dataDir, { recursive: true });
      this.tables = new EventTables(file);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `cannot open the event log ${file}: ${reason}`;
      throw new HarkError('unavailable', 'event-store.not-opened', message, {}, { cause });
    }
    this.checkpointer = new Checkpointer(file, () => this.tables.checkpoint());
    this.durableHead = this.tables.headPosition();
    this.nextPosition = this.durableHead + 1;
    if (this.durableHead === 0) this.writeFirstEvents();
  }

  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendOutcome> {
    return this.enqueue(() => this.applyAppend(streamId, expected, events));
  }

  softDelete(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return this.enqueue(() => this.applyDelete(streamId, expected, 'soft'));
  }

  tombstone(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return this.enqueue(() => this.applyDelete(streamId, expected, 'hard'));
  }

  head(): number {
    return this.durableHead;
  }

  state(streamId: string): StreamState {
    const stream = this.stream(streamId);
    if (this.isTombstoned(stream)) return { is: 'tombstoned' };
    if (stream.last < 0) return { is: 'absent' };
    const { maxCount, maxAgeMs, truncateBefore } = this.metadata(stream);
    const last = BigInt(stream.last);
    const byCount = maxCount === undefined ? 0n : last - maxCount + 1n;
    const first = [byCount, truncateBefore ?? 0n].reduce((a, b) => (a > b ? a : b), 0n);
    return { is: 'present', last, first, softDeleted: truncateBefore === MAX64, maxAgeMs };
  }

  readStreamForwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    const { key } = this.stream(streamId);
    return key === undefined ? [] : this.tables.streamPage('Up', key, storable(from), limit);
  }

  readStreamBackwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    const { key } = this.stream(streamId);
    return key === undefined ? [] : this.tables.streamPage('Down', key, storable(from), limit);
  }

  readAllForwards(after: number, limit: number): LogEvent[] {
    return this.tables.allPage('Up', after, limit);
  }

  readAllBackwards(before: number, limit: number): LogEvent[] {
    return this.tables.allPage('Down', before, limit);
  }

  scanAllForwards(after: number, limit: number, wanted: (event: EventHead) => boolean): ScannedPage {
    const heads = this.tables.headsAfter(after, limit);
    const picked = heads.filter(
      ([position, stream, hidden, type]) =>
        hidden === 0 && wanted({ position, type, streamId: this.tables.streamName(stream) }),
    );
    const events = picked.flatMap(([position]) => this.tables.at(position) ?? []);
    return { events, considered: heads.length, upTo: heads.at(-1)?.[0] ?? after };
  }

  onCommitted(listener: (head: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Writes what still waits, then lets go of the file. Appends after this are refused as `unavailable`. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.flushAll();
    await this.checkpointer.stop();
    this.tables.close();
  }

  /** Writes what waits now instead of at the end of this turn; its appends are answered right after. */
  flushAll(): void {
    while (this.waiting.length > 0) this.flush();
  }

  private enqueue(apply: () => AppendOutcome): Promise<AppendOutcome> {
    if (this.closed)
      return Promise.reject(new HarkError('unavailable', 'event-store.closed', 'the event log is closed'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ apply, resolve, reject });
      if (this.flushing) return;
      this.flushing = true;
      setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    this.flushing = false;
    const group = this.waiting.splice(0, groupAppendsMax);
    if (this.waiting.length > 0 && !this.closed) {
      this.flushing = true;
      setImmediate(() => this.flush());
    }
    if (group.length === 0) return;
    const headBefore = this.durableHead;
    try {
      this.commitGroup(group);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(storageError(error));
      else for (const alone of group) this.commitAlone(alone);
    }
    this.checkpointer.wrote(this.groupBytes);
    this.groupBytes = 0;
    if (this.durableHead === headBefore) return;
    for (const listener of this.listeners) listener(this.durableHead);
  }

  private commitAlone(append: Waiting): void {
    try {
      this.commitGroup([append]);
    } catch (error) {
      append.reject(storageError(error));
    }
  }

  private commitGroup(group: readonly Waiting[]): void {
    const outcomes = this.inTransaction(() => group.map(({ apply }) => apply()));
    group.forEach(({ resolve }, index) => resolve(outcomes[index] as AppendOutcome));
  }

  private inTransaction<Result>(work: () => Result): Result {
    try {
      this.tables.begin();
      const result = work();
      this.tables.commit();
      this.durableHead = this.nextPosition - 1;
      return result;
    } catch (error) {
      this.streams.clear();
      this.nextPosition = this.durableHead + 1;
      this.tables.rollback();
      throw error;
    }
  }

  private applyAppend(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): AppendOutcome {
    const stream = this.stream(streamId);
    const softDeleted = this.isSoftDeleted(stream);
    const ids = events.map(({ id }) => id);
    const refusal = this.decide(stream, expected, ids, softDeleted);
    if (refusal !== undefined) return refusal;
    const base = isMetastream(streamId) ? this.stream(baseOfMetastream(streamId)) : undefined;
    const baseSoftDeleted = base !== undefined && this.isSoftDeleted(base);
    const lastBefore = stream.last;
    for (const event of events) this.write(stream, event);
    const position = events.length === 0 ? this.durableHead : this.nextPosition - 1;
    if (softDeleted) this.undelete(stream, lastBefore + 1);
    if (base !== undefined && baseSoftDeleted) this.undelete(base, base.last + 1);
    return { is: 'appended', revision: revisionOf(stream.last), position };
  }

  private applyDelete(streamId: string, expected: ExpectedRevision, kind: 'soft' | 'hard'): AppendOutcome {
    const stream = this.stream(streamId);
    const refusal = this.decide(stream, expected, [randomUUID()], this.isSoftDeleted(stream));
    if (refusal !== undefined) return refusal;
    const metastream = this.stream(metastreamOf(streamId));
    if (kind === 'hard') {
      this.writeAt(stream, tombstoneRevision, newEvent('$streamDeleted', noBytes, false));
      stream.tombstoned = true;
    } else {
      if (stream.last < 0 && metastream.last < 0) return wrongVersion(expected, stream);
      this.write(metastream, newEvent('$metadata', softDeleteMetadata, true));
    }
    return { is: 'appended', revision: revisionOf(stream.last), position: this.nextPosition - 1 };
  }

  /** `undefined` when the events are to be written; otherwise the whole answer. */
  private decide(
    stream: Stream,
    expected: ExpectedRevision,
    ids: readonly string[],
    softDeleted: boolean,
  ): AppendOutcome | undefined {
    const { key } = stream;
    const facts: StreamFacts = {
      last: stream.last,
      tombstoned: this.isTombstoned(stream),
      softDeleted,
      hasMetadata: expected.is === 'stream-exists' && this.stream(metastreamOf(stream.name)).last >= 0,
      firstById: (id) => (key === undefined ? undefined : this.tables.firstById(key, id)),
      at: (revision) => (key === undefined ? undefined : this.tables.idAt(key, revision)),
    };
    const decision = decideAppend(expected, ids, facts);
    switch (decision.is) {
      case 'write':
        return undefined;
      case 'repeat':
        return { is: 'appended', revision: BigInt(decision.revision), position: decision.position };
      case 'wrong-expected-version':
        return wrongVersion(expected, stream);
      case 'stream-deleted':
        return decision;
    }
  }

  /** Makes a soft-deleted stream readable again from `truncateBefore` on; its other metadata stays. */
  private undelete(stream: Stream, truncateBefore: number): void {
    const metastream = this.stream(metastreamOf(stream.name));
    const current = this.lastEvent(metastream);
    const data = current && withTruncateBefore(current.data, BigInt(truncateBefore));
    if (data !== undefined) this.write(metastream, newEvent('$metadata', data, true));
  }

  private write(stream: Stream, event: NewEvent): void {
    this.writeAt(stream, stream.last + 1, event);
    stream.last += 1;
    if (isMetastream(stream.name)) this.stream(baseOfMetastream(stream.name)).metadata = undefined;
  }

  private writeAt(stream: Stream, revision: number, event: NewEvent): void {
    stream.key ??= this.tables.addStream(stream.name);
    this.tables.addEvent({
      ...event,
      position: this.nextPosition,
      stream: stream.key,
      revision,
      hidden: isHiddenFromAll(stream.name),
      createdMs: this.nowMs(),
    });
    this.nextPosition += 1;
    this.groupBytes += pagesPerEvent * pageBytes + event.data.length + event.metadata.length;
  }

  private stream(name: string): Stream {
    const cached = this.streams.get(name);
    if (cached !== undefined) return cached;
    const key = this.tables.streamKey(name);
    const found = key === undefined ? { last: -1, tombstoned: false } : this.tables.lastRevision(key);
    const stream: Stream = { name, key, ...found, metadata: undefined };
    this.streams.set(name, stream);
    return stream;
  }

  private metadata(stream: Stream): StreamMetadata {
    if (isMetastream(stream.name)) return metastreamRules;
    if (stream.metadata !== undefined) return stream.metadata;
    const event = this.lastEvent(this.stream(metastreamOf(stream.name)));
    stream.metadata = event?.isJson === true ? parseStreamMetadata(event.data) : noMetadata;
    return stream.metadata;
  }

  private lastEvent({ key, last }: Stream): LogEvent | undefined {
    return key === undefined || last < 0 ? undefined : this.tables.streamPage('Down', key, last, 1)[0];
  }

  private isSoftDeleted(stream: Stream): boolean {
    return this.metadata(stream).truncateBefore === MAX64;
  }

  private isTombstoned(stream: Stream): boolean {
    return stream.tombstoned || (isMetastream(stream.name) && this.stream(baseOfMetastream(stream.name)).tombstoned);
  }

  /** A real node's log does not begin empty either: a checkpoint before the first event of a user has to exist. */
  private writeFirstEvents(): void {
    this.inTransaction(() => {
      const epoch = `{"EpochNumber":0,"EpochPosition":0,"LeaderInstanceId":"${randomUUID()}"}`;
      this.write(this.stream('$epoch-information'), newEvent('$epoch-information', Buffer.from(epoch), true));
      this.write(this.stream('$$$scavenges'), newEvent('$metadata', Buffer.from('{"$maxAge":2592000}'), true));
    });
  }
}

const newEvent = (type: string, data: Uint8Array, isJson: boolean): NewEvent => ({
  id: randomUUID(),
  type,
  isJson,
  data,
  metadata: noBytes,
});

const revisionOf = (last: number): bigint | undefined => (last < 0 ? undefined : BigInt(last));

const wrongVersion = (expected: ExpectedRevision, stream: Stream): AppendOutcome => ({
  is: 'wrong-expected-version',
  expected,
  actual: revisionOf(stream.last),
});

/** A revision as the table can hold it; nothing lies beyond the tombstone. */
const storable = (revision: bigint): number =>
  revision >= BigInt(tombstoneRevision) ? tombstoneRevision : Number(revision);

const storageError = (cause: unknown): HarkError =>
  new HarkError('unavailable', 'event-store.not-written', 'the event log could not be written', {}, { cause });
