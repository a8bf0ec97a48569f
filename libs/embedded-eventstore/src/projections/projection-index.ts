import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventHead, EventLog } from '../event-log';
import { type Entry, openProjectionTables, type ProjectionTables } from './projection-tables';
import { isDeletion, isTombstone, mayBeSoftDeletion, projectedTo } from './system-projections';

/** How many events one transaction goes through. */
const sliceEventsMax = 256;
/** How many events are gone through in one turn of the event loop, whoever and however many ask. */
export const eventsPerTurnMax = 1_024;

/** What an index is given. */
export interface ProjectionIndexParts {
  readonly log: EventLog;
  readonly dataDir: string;
  /** Somebody was shown an index that lagged behind the log, and now there is more in it. */
  readonly onMoved: () => void;
  /** Hears, once for each time it begins, that the index cannot be written; what is in it goes on being shown. */
  readonly onUnexpected: (error: unknown) => void;
}

/**
 * Which events of the log the projected streams link to, in a file of its own that can always be made again. The file
 * is made when somebody first asks for such a stream; from then on, after restarts too, it follows the log. Asking
 * brings it up to date first; on a log that is further ahead than one turn allows, the answer lags, and the rest follows
 * turn by turn.
 */
export class ProjectionIndex {
  private readonly log: EventLog;
  private readonly file: string;
  private readonly onMoved: () => void;
  private readonly onUnexpected: (error: unknown) => void;
  private tables: ProjectionTables | undefined;
  private allowance = eventsPerTurnMax;
  private shownBehind = false;
  private failing = false;
  private scheduled = false;
  private closed = false;

  constructor({ log, dataDir, onMoved, onUnexpected }: ProjectionIndexParts) {
    this.log = log;
    this.file = join(dataDir, 'projections.db');
    this.onMoved = onMoved;
    this.onUnexpected = onUnexpected;
    if (existsSync(this.file)) this.reopen();
  }

  /** How many events a projected stream has. Throws when the file cannot be had. */
  count(streamId: string): number {
    return this.upToDate().count(streamId);
  }

  /** At most `limit` entries of a projected stream from number `from` on, ascending (`Up`) or descending. Throws likewise. */
  page(direction: 'Up' | 'Down', streamId: string, from: number, limit: number): Entry[] {
    return this.upToDate().page(direction, streamId, from, limit);
  }

  /** To be called when the log has grown. */
  follow(): void {
    if (this.behind) this.schedule();
  }

  close(): void {
    this.closed = true;
    this.tables?.close();
    this.tables = undefined;
  }

  private get behind(): boolean {
    return this.tables !== undefined && this.tables.position < this.log.head();
  }

  /** A file that cannot be had at the start must not keep the store from starting: the next to ask tries again. */
  private reopen(): void {
    try {
      this.tables = this.open();
      this.follow();
    } catch (error) {
      this.onUnexpected(error);
    }
  }

  private open(): ProjectionTables {
    if (this.closed) throw new Error('the projection index is closed');
    // Every log begins with an event whose id no other log has.
    const [first] = this.log.readStreamForwards('$epoch-information', 0n, 1);
    return openProjectionTables(this.file, { id: first?.id ?? '', head: this.log.head() });
  }

  private upToDate(): ProjectionTables {
    const tables = (this.tables ??= this.open());
    this.advance(tables);
    if (this.behind) {
      this.shownBehind = true;
      if (!this.failing) this.schedule();
    }
    return tables;
  }

  private schedule(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    const { tables } = this;
    if (tables === undefined) return;
    const before = tables.position;
    this.allowance = eventsPerTurnMax;
    this.advance(tables);
    if (this.shownBehind && tables.position > before) {
      this.shownBehind = this.behind;
      this.onMoved();
    }
    // After a failure the next commit tries again, or the next to ask.
    if (this.behind && !this.failing) this.schedule();
  }

  /** As far as the log goes or this turn allows. */
  private advance(tables: ProjectionTables): void {
    try {
      while (this.allowance > 0 && tables.position < this.log.head()) {
        this.allowance -= this.slice(tables, Math.min(sliceEventsMax, this.allowance));
      }
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.onUnexpected(error);
      this.failing = true;
    }
  }

  private slice(tables: ProjectionTables, limit: number): number {
    const heads: EventHead[] = [];
    const page = this.log.scanAllForwards(tables.position, limit, (head) => {
      heads.push(head);
      return mayBeSoftDeletion(head);
    });
    const softDeletions = new Set(page.events.filter(isDeletion).map(({ position }) => position));
    const links = heads
      .filter(({ position }) => position <= page.upTo)
      .flatMap((head) => {
        const deletion = isTombstone(head) || softDeletions.has(head.position);
        return projectedTo(head, deletion).map((stream) => [stream, head.position] as const);
      });
    tables.add(links, page.upTo);
    return page.considered;
  }
}
