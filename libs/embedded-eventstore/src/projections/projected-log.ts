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
import { EventPage } from '../event-page';
import { lastMetadata } from '../last-event';
import { firstVisible, noMetadata, parseStreamMetadata, type StreamMetadata } from '../stream-metadata';
import { projectedLink } from './projected-link';
import { ProjectionIndex } from './projection-index';
import { isProjected } from './system-projections';

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
    const metadata = this.metadata(streamId);
    const { maxAgeMs, truncateBefore } = metadata;
    return {
      is: 'present',
      last,
      first: firstVisible(last, metadata),
      softDeleted: truncateBefore === MAX64,
      maxAgeMs,
    };
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
    // Full by what had to be read: a link itself is small.
    const links = new EventPage(limit);
    for (const { number, position } of this.index.page(direction, streamId, storable(from), limit)) {
      const [source] = this.log.readAllForwards(position - 1, 1);
      if (source?.position !== position) throw new Error(`the log has no event ${position}: its index is damaged`);
      links.add(projectedLink(streamId, number, source), source);
      if (links.full) break;
    }
    return links.events;
  }

  private metadata(streamId: string): StreamMetadata {
    const written = lastMetadata(this.log, streamId);
    return written === undefined ? noMetadata : parseStreamMetadata(written);
  }
}

/** A number as the index can hold it. */
const storable = (from: bigint): number =>
  from > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(from);
