import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { uuidBytes, uuidText } from './codec';
import { type LogEvent, MAX64 } from './event-log';
import { GenerationCache } from './generation-cache';

/** Stands for `MAX64` in the table, because a JavaScript number cannot hold that. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER;
const schemaVersion = 1;
const cacheKib = 65_536;
const lockWaitMs = 2_000;
const streamNamesMax = 20_000;
/** A page of large events ends early, so that no reader holds more than this (and one event) in memory. */
const pageBytesMax = 1_048_576;

/** A row of the log as it is written. */
export interface EventRow {
  readonly position: number;
  readonly stream: number;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly hidden: boolean;
  readonly createdMs: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

type Cells = [number, number, number, Uint8Array, string, number, number, Uint8Array, Uint8Array];

/** Position, stream, hidden or not, and type of an event. */
export type HeadCells = [position: number, stream: number, hidden: number, type: string];

const columns = 'position, stream, revision, id, type, is_json, created_ms, data, metadata';
const schema = `
  CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL,
    type TEXT NOT NULL, is_json INTEGER NOT NULL, hidden INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    data BLOB NOT NULL, metadata BLOB NOT NULL) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream, revision);
  CREATE INDEX events_by_id ON events (stream, id);
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * The file behind the log: one connection that nobody shares (a second server on the same file fails to open it),
 * write-ahead log, fsync at every commit. All calls are synchronous; every error of SQLite passes through.
 */
export class EventTables {
  private readonly db: DatabaseSync;
  private readonly names = new GenerationCache<number, string>(streamNamesMax);
  private readonly insertEvent: StatementSync;
  private readonly insertStream: StatementSync;
  private readonly streamByName: StatementSync;
  private readonly nameByStream: StatementSync;
  private readonly lastTwo: StatementSync;
  private readonly byId: StatementSync;
  private readonly byRevision: StatementSync;
  private readonly head: StatementSync;
  private readonly one: StatementSync;
  private readonly heads: StatementSync;
  private readonly pages: Readonly<Record<'streamUp' | 'streamDown' | 'allUp' | 'allDown', StatementSync>>;

  constructor(file: string) {
    this.db = new DatabaseSync(file, { timeout: lockWaitMs });
    try {
      this.open();
    } catch (error) {
      this.db.close();
      throw error;
    }
    const prepare = (sql: string): StatementSync => {
      const statement = this.db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const places = Array.from({ length: 10 }, () => '?').join(', ');
    this.insertEvent = prepare(
      `INSERT INTO events (position, stream, revision, id, type, is_json, hidden, created_ms, data, metadata) VALUES (${places})`,
    );
    this.insertStream = prepare('INSERT INTO streams (name) VALUES (?)');
    this.streamByName = prepare('SELECT key FROM streams WHERE name = ?');
    this.nameByStream = prepare('SELECT name FROM streams WHERE key = ?');
    this.lastTwo = prepare('SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 2');
    this.byId = prepare('SELECT revision, position FROM events WHERE stream = ? AND id = ? ORDER BY position LIMIT 1');
    this.byRevision = prepare('SELECT id, position FROM events WHERE stream = ? AND revision = ?');
    this.head = prepare('SELECT coalesce(max(position), 0) FROM events');
    this.one = prepare(`SELECT ${columns} FROM events WHERE position = ?`);
    this.heads = prepare(
      'SELECT position, stream, hidden, type FROM events WHERE position > ? ORDER BY position LIMIT ?',
    );
    const page = (where: string) => prepare(`SELECT ${columns} FROM events WHERE ${where} LIMIT ?`);
    this.pages = {
      streamUp: page('stream = ?1 AND revision >= ?2 ORDER BY revision'),
      streamDown: page('stream = ?1 AND revision <= ?2 ORDER BY revision DESC'),
      allUp: page('hidden = ?1 AND position > ?2 ORDER BY position'),
      allDown: page('hidden = ?1 AND position < ?2 ORDER BY position DESC'),
    };
  }

  private open(): void {
    this.db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${cacheKib}; BEGIN IMMEDIATE`);
    const version = Number(Object.values(this.db.prepare('PRAGMA user_version').get() ?? {})[0]);
    if (version === 0) this.db.exec(schema);
    this.db.exec('COMMIT');
    if (version > schemaVersion)
      throw new Error(`the file has version ${version}, this program knows ${schemaVersion}`);
  }

  begin(): void {
    this.db.exec('BEGIN IMMEDIATE');
  }

  /** Returns once the disk has it. */
  commit(): void {
    this.db.exec('COMMIT');
  }

  /** Also when SQLite has rolled back by itself, as it does on a full disk. */
  rollback(): void {
    this.names.clear();
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
  }

  close(): void {
    this.db.close();
  }

  headPosition(): number {
    return Number(cells(this.head.get())?.[0]);
  }

  streamKey(name: string): number | undefined {
    return cells(this.streamByName.get(name))?.[0] as number | undefined;
  }

  addStream(name: string): number {
    return Number(this.insertStream.run(name).lastInsertRowid);
  }

  /** Last revision of a stream (−1 for none) and whether a tombstone stands behind it. */
  lastRevision(stream: number): { last: number; tombstoned: boolean } {
    const revisions = this.lastTwo.all(stream).map((row) => cells(row)?.[0] as number);
    const tombstoned = revisions[0] === tombstoneRevision;
    return { last: revisions[tombstoned ? 1 : 0] ?? -1, tombstoned };
  }

  addEvent(row: EventRow): void {
    this.insertEvent.run(
      row.position,
      row.stream,
      row.revision,
      uuidBytes(row.id),
      row.type,
      Number(row.isJson),
      Number(row.hidden),
      row.createdMs,
      row.data,
      row.metadata,
    );
  }

  firstById(stream: number, id: string): { revision: number; position: number } | undefined {
    const row = cells(this.byId.get(stream, uuidBytes(id))) as [number, number] | undefined;
    return row && { revision: row[0], position: row[1] };
  }

  idAt(stream: number, revision: number): { id: string; position: number } | undefined {
    const row = cells(this.byRevision.get(stream, revision)) as [Uint8Array, number] | undefined;
    return row && { id: uuidText(row[0]), position: row[1] };
  }

  streamPage(direction: 'Up' | 'Down', stream: number, from: number, limit: number): LogEvent[] {
    return this.page(this.pages[`stream${direction}`], stream, from, limit);
  }

  /** Visible events only; `from` itself is left out. */
  allPage(direction: 'Up' | 'Down', from: number, limit: number): LogEvent[] {
    return this.page(this.pages[`all${direction}`], 0, from, limit);
  }

  headsAfter(position: number, limit: number): HeadCells[] {
    return this.heads.all(position, limit) as unknown as HeadCells[];
  }

  at(position: number): LogEvent | undefined {
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

  private page(statement: StatementSync, scope: number, from: number, limit: number): LogEvent[] {
    const events: LogEvent[] = [];
    let bytes = 0;
    for (const row of statement.iterate(scope, from, limit)) {
      const event = this.event(cells(row) as Cells);
      events.push(event);
      bytes += event.data.length + event.metadata.length;
      if (bytes >= pageBytesMax) break;
    }
    return events;
  }

  private event([position, stream, revision, id, type, isJson, createdMs, data, metadata]: Cells): LogEvent {
    return {
      position,
      streamId: this.streamName(stream),
      revision: revision === tombstoneRevision ? MAX64 : BigInt(revision),
      id: uuidText(id),
      type,
      isJson: isJson === 1,
      createdMs,
      data,
      metadata,
    };
  }
}

/** The statements return arrays (`setReturnArrays`), which the type of `node:sqlite` does not know. */
const cells = (row: unknown): unknown[] | undefined => row as unknown[] | undefined;
