import type {
  AppendOutcome,
  EventHead,
  EventLog,
  ExpectedRevision,
  LogEvent,
  NewEvent,
  ScannedPage,
  StreamState,
} from '../event-log';
import { MAX64 } from '../event-log';
import { noMetadata, parseStreamMetadata, type StreamMetadata } from '../stream-metadata';
import { metastreamOf } from '../system-streams';
import { projectedLink } from './projected-link';
import { ProjectionIndex } from './projection-index';
import { isProjected } from './system-projections';

/** A page of links to large events ends early: the events have to be read for it. */
const pageBytesMax = 1_048_576;
const denied: AppendOutcome = { is: 'access-denied' };

/** How a log gets its projected streams. */
export interface ProjectedLogOptions {
  /** Folder of the index. */
  readonly dataDir: string;
  /** Hears that the index cannot be written; reads of projected streams lag from then on. */
  readonly onUnexpected: (error: unknown) => void;
}

/**
 * A log with the streams of `$by_category` (`$ce-…`) and `$by_event_type` (`$et-…`). Their events are links made when
 * they are read, from an index beside the log; they are not events of the log and no read of `$all` shows them. Nobody
 * can write to these streams, but they may have metadata. Everything else passes through.
 */
export class ProjectedLog implements EventLog {
  private readonly index: ProjectionIndex;
  private readonly listeners = new Set<(head: number) => void>();
  private readonly stopListening: () => void;

  constructor(
    private readonly log: EventLog,
    { dataDir, onUnexpected }: ProjectedLogOptions,
  ) {
    this.index = new ProjectionIndex({ log, dataDir, onUnexpected, onMoved: () => this.tell(log.head()) });
    this.stopListening = log.onCommitted((head) => {
      this.tell(head);
      this.index.follow();
    });
  }

  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendOutcome> {
    return isProjected(streamId) ? Promise.resolve(denied) : this.log.append(streamId, expected, events);
  }

  softDelete(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return isProjected(streamId) ? Promise.resolve(denied) : this.log.softDelete(streamId, expected);
  }

  tombstone(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return isProjected(streamId) ? Promise.resolve(denied) : this.log.tombstone(streamId, expected);
  }

  head(): number {
    return this.log.head();
  }

  state(streamId: string): StreamState {
    if (!isProjected(streamId)) return this.log.state(streamId);
    const count = this.index.count(streamId);
    if (count === 0) return { is: 'absent' };
    const last = BigInt(count) - 1n;
    const { maxCount, maxAgeMs, truncateBefore = 0n } = this.metadata(streamId);
    const byCount = maxCount === undefined || maxCount > last ? 0n : last - maxCount + 1n;
    const first = byCount > truncateBefore ? byCount : truncateBefore;
    return { is: 'present', last, first, softDeleted: truncateBefore === MAX64, maxAgeMs };
  }

  readStreamForwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    return isProjected(streamId)
      ? this.links('Up', streamId, from, limit)
      : this.log.readStreamForwards(streamId, from, limit);
  }

  readStreamBackwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    return isProjected(streamId)
      ? this.links('Down', streamId, from, limit)
      : this.log.readStreamBackwards(streamId, from, limit);
  }

  readAllForwards(after: number, limit: number): LogEvent[] {
    return this.log.readAllForwards(after, limit);
  }

  scanAllForwards(after: number, limit: number, wanted: (event: EventHead) => boolean): ScannedPage {
    return this.log.scanAllForwards(after, limit, wanted);
  }

  readAllBackwards(before: number, limit: number): LogEvent[] {
    return this.log.readAllBackwards(before, limit);
  }

  /** Also calls back when projected streams that lagged behind the log have moved on. */
  onCommitted(listener: (head: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Lets go of the index; the log under it stays open. Projected streams can no longer be read. */
  close(): void {
    this.stopListening();
    this.index.close();
  }

  private tell(head: number): void {
    for (const listener of this.listeners) listener(head);
  }

  private links(direction: 'Up' | 'Down', streamId: string, from: bigint, limit: number): LogEvent[] {
    const links: LogEvent[] = [];
    let bytes = 0;
    for (const { number, position } of this.index.page(direction, streamId, storable(from), limit)) {
      const [source] = this.log.scanAllForwards(position - 1, 1, everyEvent).events;
      if (source?.position !== position) throw new Error(`the log has no event ${position}: its index is damaged`);
      links.push(projectedLink(streamId, number, source));
      bytes += source.data.length + source.metadata.length;
      if (bytes >= pageBytesMax) break;
    }
    return links;
  }

  private metadata(streamId: string): StreamMetadata {
    const metastream = metastreamOf(streamId);
    const state = this.log.state(metastream);
    if (state.is !== 'present') return noMetadata;
    const [event] = this.log.readStreamBackwards(metastream, state.last, 1);
    return event?.isJson === true ? parseStreamMetadata(event.data) : noMetadata;
  }
}

const everyEvent = (): boolean => true;

/** A number as the index can hold it. */
const storable = (from: bigint): number =>
  from > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(from);
