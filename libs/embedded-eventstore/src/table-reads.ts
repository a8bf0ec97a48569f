import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { uuidBytes, uuidText } from './codec';
import { type EventHead, type LogEvent, MAX64, type ScannedPage } from './event-log';
import { EventPage } from './event-page';
import { GenerationCache } from './generation-cache';
import type { IndexEntry, Memtable } from './memtable';
import type { RecentEvents } from './recent-events';
import type { RecentIds } from './recent-ids';

/** Stands for `MAX64` in the table, because a JavaScript number cannot hold that. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER;
const streamNamesMax = 20_000;

/** A revision of the table as the log has it. */
export const logRevision = (revision: number): bigint => (revision === tombstoneRevision ? MAX64 : BigInt(revision));

type Cells = [number, number, number, Uint8Array, string, number, number, Uint8Array, Uint8Array];

/** Position, stream, hidden or not, and type of an event. */
type HeadCells = [position: number, stream: number, hidden: number, type: string];

/** The end of a stream: its last revision (−1 for none), whether a tombstone stands behind it, and the last position. */
export interface StreamEnd {
  readonly last: number;
  readonly tombstoned: boolean;
  readonly lastPosition: number;
}

const columns = 'position, stream, revision, id, type, is_json, created_ms, data, metadata';

/**
 * What is asked of the tables, over one connection. Wherever `upTo` stands, later positions count as not there: that is
 * how readers are kept from what is committed but not yet on the disk. Synchronous; errors of SQLite pass through.
 */
export class TableReads {
  private readonly names = new GenerationCache<number, string>(streamNamesMax);
  private readonly streamByName: StatementSync;
  private readonly nameByStream: StatementSync;
  private readonly lastTwo: StatementSync;
  private readonly positionAt: StatementSync;
  private readonly identity: StatementSync;
  private readonly head: StatementSync;
  private readonly one: StatementSync;
  private readonly heads: StatementSync;
  private readonly pages: Readonly<Record<'streamUp' | 'streamDown' | 'allUp' | 'allDown', StatementSync>>;

  constructor(
    db: DatabaseSync,
    private readonly memtable: Memtable,
    private readonly recentIds: RecentIds,
    private readonly recent: RecentEvents,
  ) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.streamByName = prepare('SELECT key FROM streams WHERE name = ?');
    this.nameByStream = prepare('SELECT name FROM streams WHERE key = ?');
    this.lastTwo = prepare(
      `SELECT revision, position FROM stream_index WHERE stream = ? AND position <= ? ORDER BY revision DESC LIMIT 2`,
    );
    this.positionAt = prepare('SELECT position FROM stream_index WHERE stream = ? AND revision = ?');
    this.identity = prepare('SELECT stream, revision, id FROM events WHERE position = ?');
    this.head = prepare('SELECT coalesce(max(position), 0) FROM events');
    this.one = prepare(`SELECT ${columns} FROM events WHERE position = ?`);
    this.heads = prepare(
      'SELECT position, stream, hidden, type FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
    );
    const page = (where: string) => prepare(`SELECT ${columns} FROM events WHERE hidden = 0 AND ${where} LIMIT ?`);
    const streamPage = (where: string) =>
      prepare(
        `SELECT position, s.stream, s.revision, id, type, is_json, created_ms, data, metadata
         FROM stream_index s CROSS JOIN events USING (position)
         WHERE s.stream = ? AND ${where} LIMIT ?`,
      );
    this.pages = {
      streamUp: streamPage('s.revision >= ? AND position <= ? ORDER BY s.revision'),
      streamDown: streamPage('s.revision <= ? AND position <= ? ORDER BY s.revision DESC'),
      allUp: page('position > ? AND position <= ? ORDER BY position'),
      allDown: page('position < ? AND position <= ? ORDER BY position DESC'),
    };
  }

  /** To be told when a transaction was undone: a key may come again for another name. */
  undone(): void {
    this.names.clear();
  }

  headPosition(): number {
    return Number(cells(this.head.get())?.[0]);
  }

  streamKey(name: string): number | undefined {
    return cells(this.streamByName.get(name))?.[0] as number | undefined;
  }

  streamEnd(stream: number, upTo: number): StreamEnd {
    const newest = this.memtable.downwards(stream, tombstoneRevision, upTo, 2);
    const ends = newest.map(({ revision, position }): [number, number] => [revision, position]);
    if (ends.length < 2 && !beginsStream(newest))
      ends.push(...(this.lastTwo.all(stream, upTo) as unknown as [number, number][]));
    const tombstoned = ends[0]?.[0] === tombstoneRevision;
    return { last: ends[tombstoned ? 1 : 0]?.[0] ?? -1, tombstoned, lastPosition: ends[0]?.[1] ?? 0 };
  }

  /** First copy of an id in a stream, as far as ids are remembered. */
  firstById(stream: number, id: string): { revision: number; position: number } | undefined {
    const bytes = uuidBytes(id);
    for (const position of this.recentIds.candidates(stream, bytes)) {
      const found = this.identityOf(position);
      if (found?.stream === stream && bytes.equals(found.id)) return { revision: found.revision, position };
    }
    return undefined;
  }

  idAt(stream: number, revision: number): { id: string; position: number } | undefined {
    const position =
      this.memtable.at(stream, revision)?.position ??
      (cells(this.positionAt.get(stream, revision))?.[0] as number | undefined);
    const found = position === undefined ? undefined : this.identityOf(position);
    return found && position !== undefined ? { id: uuidText(found.id), position } : undefined;
  }

  streamPage(direction: 'Up' | 'Down', stream: number, from: number, upTo: number, limit: number): LogEvent[] {
    const page = new EventPage(limit);
    if (direction === 'Up') {
      // The memory has a stream's newest events: all from one on that it has.
      if (this.memtable.at(stream, from) === undefined)
        this.fill(page, this.pages.streamUp, [stream, from, upTo, limit]);
      const next = page.events.length === 0 ? from : Number(page.events.at(-1)?.revision) + 1;
      if (!page.full) this.fillFromMemory(page, this.memtable.upwards(stream, next, upTo, page.room));
    } else {
      const newest = this.memtable.downwards(stream, from, upTo, limit);
      this.fillFromMemory(page, newest);
      if (!page.full && !beginsStream(newest)) this.fill(page, this.pages.streamDown, [stream, from, upTo, page.room]);
    }
    return page.events;
  }

  /** Visible events only; `from` itself is left out. */
  allPage(direction: 'Up' | 'Down', from: number, upTo: number, limit: number): LogEvent[] {
    const page = new EventPage(limit);
    if (direction === 'Up' && from + 1 < this.recent.begin) this.fill(page, this.pages.allUp, [from, upTo, limit]);
    else if (direction === 'Up') {
      for (let position = from + 1; position <= upTo && !page.full; position += 1) this.addVisible(page, position);
    } else {
      let before = Math.min(from, upTo + 1);
      for (; before > this.recent.begin && !page.full; before -= 1) this.addVisible(page, before - 1);
      if (!page.full) this.fill(page, this.pages.allDown, [before, upTo, page.room]);
    }
    return page.events;
  }

  /** As `EventLog.scanAllForwards`. From a recent position on, nothing is read from the file. */
  scanPage(after: number, upTo: number, limit: number, wanted: (event: EventHead) => boolean): ScannedPage {
    const page = new EventPage(limit);
    if (after + 1 < this.recent.begin) return this.scanTable(page, after, upTo, limit, wanted);
    const last = Math.min(upTo, after + limit);
    for (let position = after + 1; position <= last; position += 1) {
      const recent = this.recent.at(position);
      if (recent === undefined || recent.hidden || !wanted(recent.event)) continue;
      page.add(recent.event);
      if (page.full) return { events: page.events, considered: position - after, upTo: position };
    }
    return { events: page.events, considered: Math.max(0, last - after), upTo: Math.max(after, last) };
  }

  at(position: number): LogEvent | undefined {
    const recent = this.recent.at(position);
    if (recent !== undefined) return recent.event;
    const row = cells(this.one.get(position)) as Cells | undefined;
    return row && this.event(row);
  }

  streamName(stream: number): string {
    const known = this.names.get(stream);
    if (known !== undefined) return known;
    const name = String(cells(this.nameByStream.get(stream))?.[0]);
    this.names.set(stream, name);
    return name;
  }

  private addVisible(page: EventPage, position: number): void {
    const recent = this.recent.at(position);
    if (recent?.hidden === false) page.add(recent.event);
  }

  private scanTable(
    page: EventPage,
    after: number,
    upTo: number,
    limit: number,
    wanted: (event: EventHead) => boolean,
  ): ScannedPage {
    const heads = this.heads.all(after, upTo, limit) as unknown as HeadCells[];
    for (const [index, [position, stream, hidden, type]] of heads.entries()) {
      if (hidden !== 0 || !wanted({ position, type, streamId: this.streamName(stream) })) continue;
      const event = this.at(position);
      if (event === undefined) continue;
      page.add(event);
      if (page.full) return { events: page.events, considered: index + 1, upTo: position };
    }
    return { events: page.events, considered: heads.length, upTo: heads.at(-1)?.[0] ?? after };
  }

  private identityOf(position: number): { stream: number; revision: number; id: Uint8Array } | undefined {
    const row = cells(this.identity.get(position)) as [number, number, Uint8Array] | undefined;
    return row && { stream: row[0], revision: row[1], id: row[2] };
  }

  private fill(page: EventPage, statement: StatementSync, scope: readonly number[]): void {
    for (const row of statement.iterate(...scope)) {
      page.add(this.event(cells(row) as Cells));
      if (page.full) break;
    }
  }

  private fillFromMemory(page: EventPage, entries: readonly IndexEntry[]): void {
    for (const { position } of entries) {
      const event = this.at(position);
      if (event !== undefined) page.add(event);
      if (page.full) break;
    }
  }

  private event([position, stream, revision, id, type, isJson, createdMs, data, metadata]: Cells): LogEvent {
    return {
      position,
      streamId: this.streamName(stream),
      revision: logRevision(revision),
      id: uuidText(id),
      type,
      isJson: isJson === 1,
      createdMs,
      data,
      metadata,
    };
  }
}

/** Whether entries in descending order go down to the first event of their stream: nothing of it is in the table then. */
const beginsStream = (entries: readonly IndexEntry[]): boolean => entries.at(-1)?.revision === 0;

/** The statements return arrays (`setReturnArrays`), which the type of `node:sqlite` does not know. */
const cells = (row: unknown): unknown[] | undefined => row as unknown[] | undefined;
