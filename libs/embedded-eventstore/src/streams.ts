import { type LogEvent, MAX64, type StreamState } from './event-log';
import { GenerationCache } from './generation-cache';
import { firstVisible, noMetadata, parseStreamMetadata, type StreamMetadata } from './stream-metadata';
import { baseOfMetastream, isMetastream, metastreamOf } from './system-streams';
import type { StreamEnd, TableReads } from './table-reads';

const streamsCachedMax = 20_000;
const everything = Number.MAX_SAFE_INTEGER;
const metastreamRules: StreamMetadata = { maxCount: 1n };
const noEvents: StreamEnd = { last: -1, tombstoned: false, lastPosition: 0 };

/** A stream as the writer knows it, running transaction included. `key` is absent until its first event. */
export interface Stream {
  readonly name: string;
  key: number | undefined;
  last: number;
  /** Position of its last event, a tombstone too; 0 for none. */
  lastPosition: number;
  tombstoned: boolean;
  /** Absent until somebody asks, and again after each change. */
  metadata: StreamMetadata | undefined;
}

/**
 * What the streams come to: as they are written, for the writer to decide on, and as of a position, for readers, who
 * must not see what is not durable. The two differ for a few milliseconds and for the few streams just written to.
 */
export class Streams {
  private readonly cache = new GenerationCache<string, Stream>(streamsCachedMax);

  constructor(private readonly reads: () => TableReads) {}

  get(name: string): Stream {
    const cached = this.cache.get(name);
    if (cached !== undefined) return cached;
    const stream = this.load(name, everything);
    this.cache.set(name, stream);
    return stream;
  }

  /** To be called when a transaction was undone. */
  clear(): void {
    this.cache.clear();
  }

  metadata(stream: Stream): StreamMetadata {
    if (isMetastream(stream.name)) return metastreamRules;
    return (stream.metadata ??= this.parsedFrom(this.get(metastreamOf(stream.name))));
  }

  isSoftDeleted(stream: Stream): boolean {
    return this.metadata(stream).truncateBefore === MAX64;
  }

  isTombstoned(stream: Stream): boolean {
    return stream.tombstoned || (isMetastream(stream.name) && this.get(baseOfMetastream(stream.name)).tombstoned);
  }

  lastEvent({ key, last }: Stream): LogEvent | undefined {
    return key === undefined || last < 0 ? undefined : this.reads().streamPage('Down', key, last, everything, 1)[0];
  }

  /** What a reader is told of a stream when the log ends at `head`; its metadata, too, is that of then. */
  stateAt(head: number, name: string): StreamState {
    const stream = this.at(head, name);
    const base = isMetastream(name) ? this.at(head, baseOfMetastream(name)) : stream;
    if (stream.tombstoned || base.tombstoned) return { is: 'tombstoned' };
    if (stream.last < 0) return { is: 'absent' };
    const metadata = this.metadataAt(head, stream);
    const { maxAgeMs, truncateBefore } = metadata;
    const last = BigInt(stream.last);
    return {
      is: 'present',
      last,
      first: firstVisible(last, metadata),
      softDeleted: truncateBefore === MAX64,
      maxAgeMs,
    };
  }

  private metadataAt(head: number, stream: Stream): StreamMetadata {
    if (isMetastream(stream.name)) return metastreamRules;
    const written = this.get(metastreamOf(stream.name));
    if (written.lastPosition <= head) return this.metadata(this.get(stream.name));
    return this.parsedFrom(this.at(head, written.name));
  }

  private at(head: number, name: string): Stream {
    const written = this.get(name);
    return written.lastPosition <= head ? written : this.load(name, head);
  }

  private load(name: string, upTo: number): Stream {
    const key = this.reads().streamKey(name);
    const end = key === undefined ? noEvents : this.reads().streamEnd(key, upTo);
    return { name, key, ...end, metadata: undefined };
  }

  private parsedFrom(metastream: Stream): StreamMetadata {
    const event = this.lastEvent(metastream);
    return event?.isJson === true ? parseStreamMetadata(event.data) : noMetadata;
  }
}
