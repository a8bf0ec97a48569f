import { randomUUID } from 'node:crypto';
import { decideAppend, type StreamFacts } from './decide-append';
import type { AppendOutcome, ExpectedRevision, NewEvent } from './event-log';
import type { EventTables } from './event-tables';
import { softDeleteMetadata, withTruncateBefore } from './stream-metadata';
import type { Stream, Streams } from './streams';
import { baseOfMetastream, isHiddenFromAll, isMetastream, metastreamOf } from './system-streams';
import { tombstoneRevision } from './table-reads';

/** About what goes into the write-ahead log: for a transaction, for a stream's first event, for an event's columns. */
const pagesPerTransaction = 1;
const pagesPerStream = 2;
const bytesPerEvent = 100;
const pageBytes = 4_096;
const indexEntriesPerPage = 200;
/** How many events the index has in memory before it is written to its table, and at the most while that fails. */
const unindexedDue = 4_096;
const unindexedMax = 16 * unindexedDue;
const noBytes = new Uint8Array(0);

/** Decides on appends and writes their events. It sees what is committed, durable or not, and its own transaction. */
export class LogWriter {
  private committed: number;
  private nextPosition: number;
  private bytes = 0;
  private indexDueAt = unindexedDue;

  constructor(
    private readonly tables: EventTables,
    private readonly streams: Streams,
    private readonly nowMs: () => number,
    private readonly onUnexpected: (error: unknown) => void,
  ) {
    this.committed = tables.reads.headPosition();
    this.nextPosition = this.committed + 1;
  }

  /** Position of the last committed event. */
  get head(): number {
    return this.committed;
  }

  /** About how many bytes went into the write-ahead log since the last call. */
  takeBytes(): number {
    const { bytes } = this;
    this.bytes = 0;
    return bytes;
  }

  /** All of `work` or nothing; whatever is thrown was undone. */
  transaction<Result>(work: () => Result): Result {
    if (this.tables.unindexed.events >= unindexedMax) this.writeIndex();
    try {
      this.tables.begin();
      const result = work();
      this.tables.commit();
      this.bytes += pagesPerTransaction * pageBytes;
      this.committed = this.nextPosition - 1;
      return result;
    } catch (error) {
      this.streams.clear();
      this.nextPosition = this.committed + 1;
      this.tables.rollback();
      throw error;
    }
  }

  /**
   * To be called between transactions: moves the index of the newest events from memory to its table when they are many.
   * When it cannot be written, it says so and a later call tries again.
   */
  writeIndexWhenDue(): void {
    const { events } = this.tables.unindexed;
    if (events < this.indexDueAt) return;
    try {
      this.writeIndex();
    } catch (error) {
      this.indexDueAt = events + unindexedDue;
      this.onUnexpected(error);
    }
  }

  /** Within a transaction. */
  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): AppendOutcome {
    const stream = this.streams.get(streamId);
    const softDeleted = this.streams.isSoftDeleted(stream);
    const ids = events.map(({ id }) => id);
    const refusal = this.decide(stream, expected, ids, softDeleted);
    if (refusal !== undefined) return refusal;
    const base = isMetastream(streamId) ? this.streams.get(baseOfMetastream(streamId)) : undefined;
    const baseSoftDeleted = base !== undefined && this.streams.isSoftDeleted(base);
    const lastBefore = stream.last;
    for (const event of events) this.write(stream, event);
    const position = events.length === 0 ? this.committed : this.nextPosition - 1;
    if (softDeleted) this.undelete(stream, lastBefore + 1);
    if (base !== undefined && baseSoftDeleted) this.undelete(base, base.last + 1);
    return { is: 'appended', revision: revisionOf(stream.last), position };
  }

  /** Within a transaction. */
  delete(streamId: string, expected: ExpectedRevision, kind: 'soft' | 'hard'): AppendOutcome {
    const stream = this.streams.get(streamId);
    const refusal = this.decide(stream, expected, [randomUUID()], this.streams.isSoftDeleted(stream));
    if (refusal !== undefined) return refusal;
    const metastream = this.streams.get(metastreamOf(streamId));
    if (kind === 'hard') {
      this.writeAt(stream, tombstoneRevision, newEvent('$streamDeleted', noBytes, false));
      stream.tombstoned = true;
    } else {
      if (stream.last < 0 && metastream.last < 0) return wrongVersion(expected, stream);
      this.write(metastream, newEvent('$metadata', softDeleteMetadata, true));
    }
    return { is: 'appended', revision: revisionOf(stream.last), position: this.nextPosition - 1 };
  }

  /** Nor does EventStoreDB's log begin empty (24.10): a checkpoint before the first event of a user has to exist. */
  writeFirstEvents(): void {
    this.transaction(() => {
      const epoch = `{"EpochNumber":0,"EpochPosition":0,"LeaderInstanceId":"${randomUUID()}"}`;
      this.write(this.streams.get('$epoch-information'), newEvent('$epoch-information', Buffer.from(epoch), true));
      this.write(this.streams.get('$$$scavenges'), newEvent('$metadata', Buffer.from('{"$maxAge":2592000}'), true));
    });
  }

  /** `undefined` when the events are to be written; otherwise the whole answer. */
  private decide(
    stream: Stream,
    expected: ExpectedRevision,
    ids: readonly string[],
    softDeleted: boolean,
  ): AppendOutcome | undefined {
    const { key } = stream;
    const { reads } = this.tables;
    const facts: StreamFacts = {
      last: stream.last,
      tombstoned: this.streams.isTombstoned(stream),
      softDeleted,
      hasMetadata: expected.is === 'stream-exists' && this.streams.get(metastreamOf(stream.name)).last >= 0,
      firstById: (id) => (key === undefined ? undefined : reads.firstById(key, id)),
      at: (revision) => (key === undefined ? undefined : reads.idAt(key, revision)),
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
    const metastream = this.streams.get(metastreamOf(stream.name));
    const current = this.streams.lastEvent(metastream);
    const data = current && withTruncateBefore(current.data, BigInt(truncateBefore));
    if (data !== undefined) this.write(metastream, newEvent('$metadata', data, true));
  }

  private writeIndex(): void {
    const { events, streams } = this.tables.unindexed;
    this.tables.writeIndex();
    this.indexDueAt = unindexedDue;
    this.bytes += (streams + events / indexEntriesPerPage) * pageBytes;
  }

  private write(stream: Stream, event: NewEvent): void {
    this.writeAt(stream, stream.last + 1, event);
    stream.last += 1;
    if (isMetastream(stream.name)) this.streams.get(baseOfMetastream(stream.name)).metadata = undefined;
  }

  private writeAt(stream: Stream, revision: number, event: NewEvent): void {
    if (stream.key === undefined) {
      stream.key = this.tables.addStream(stream.name);
      this.bytes += pagesPerStream * pageBytes;
    }
    this.tables.addEvent({
      ...event,
      position: this.nextPosition,
      stream: stream.key,
      streamId: stream.name,
      revision,
      hidden: isHiddenFromAll(stream.name),
      createdMs: this.nowMs(),
    });
    stream.lastPosition = this.nextPosition;
    this.nextPosition += 1;
    this.bytes += bytesPerEvent + event.data.length + event.metadata.length;
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
