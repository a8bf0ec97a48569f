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
// The two ways into a stream share one table, a number for a revision and 16 bytes for an id (its first copy), so that
// an event of a short stream touches one page of it, not two; numbers sort before bytes.
const schema = `
  CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL,
    type TEXT NOT NULL, is_json INTEGER NOT NULL, hidden INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    data BLOB NOT NULL, metadata BLOB NOT NULL) STRICT;
  CREATE TABLE stream_events (
    stream INTEGER NOT NULL, key ANY NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (stream, key)) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * The file behind the log: one writer (a second server on the same file fails to open it), write-ahead log, fsync at
 * every commit, checkpoints only when asked for. All calls are synchronous; every error of SQLite passes through.
 */
export class EventTables {
  private readonly db: DatabaseSync;
  private readonly lock: DatabaseSync;
  private readonly names = new GenerationCache<number, string>(streamNamesMax);
  private readonly insertEvent: StatementSync;
  private readonly insertRevision: StatementSync;
  private readonly insertId: StatementSync;
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
    this.lock = new DatabaseSync(`${file}.lock`, { timeout: lockWaitMs });
    this.db = new DatabaseSync(file, { timeout: lockWaitMs });
    try {
      this.open();
    } catch (error) {
      this.close();
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
    this.lastTwo = prepare(
      `SELECT key FROM stream_events WHERE stream = ? AND key <= ${tombstoneRevision} ORDER BY key DESC LIMIT 2`,
    );
    this.byId = prepare(
      'SELECT revision, position FROM stream_events s JOIN events USING (position) WHERE s.stream = ? AND key = ?',
    );
    this.byRevision = prepare(
      'SELECT id, position FROM stream_events s JOIN events USING (position) WHERE s.stream = ? AND key = ?',
    );
    this.insertRevision = prepare('INSERT INTO stream_events (stream, key, position) VALUES (?, ?, ?)');
    this.insertId = prepare('INSERT OR IGNORE INTO stream_events (stream, key, position) VALUES (?, ?, ?)');
    this.head = prepare('SELECT coalesce(max(position), 0) FROM events');
    this.one = prepare(`SELECT ${columns} FROM events WHERE position = ?`);
    this.heads = prepare(
      'SELECT position, stream, hidden, type FROM events WHERE position > ? ORDER BY position LIMIT ?',
    );
    const page = (where: string) => prepare(`SELECT ${columns} FROM events WHERE ${where} LIMIT ?`);
    const streamPage = (where: string) =>
      prepare(
        `SELECT position, s.stream, revision, id, type, is_json, created_ms, data, metadata
         FROM stream_events s CROSS JOIN events USING (position) WHERE s.stream = ?1 AND ${where} LIMIT ?`,
      );
    this.pages = {
      streamUp: streamPage(`key >= ?2 AND key <= ${tombstoneRevision} ORDER BY key`),
      streamDown: streamPage('key <= ?2 ORDER BY key DESC'),
      allUp: page('hidden = ?1 AND position > ?2 ORDER BY position'),
      allDown: page('hidden = ?1 AND position < ?2 ORDER BY position DESC'),
    };
  }

  private open(): void {
    // Held as long as this is open, and let go by the system when the process is killed.
    this.lock.exec('BEGIN EXCLUSIVE');
    this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
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

  /** Moves everything from the write-ahead log to the file, so that the log begins anew. */
  checkpoint(): void {
    this.db.exec('PRAGMA wal_checkpoint(RESTART)');
  }

  close(): void {
    this.db.close();
    this.lock.close();
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
    const id = uuidBytes(row.id);
    this.insertRevision.run(row.stream, row.revision, row.position);
    this.insertId.run(row.stream, id, row.position);
    this.insertEvent.run(
      row.position,
      row.stream,
      row.revision,
      id,
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
