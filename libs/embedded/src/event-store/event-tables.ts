import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { uuidBytes } from './codec';
import { TableReads } from './table-reads';
import { rewriteWal } from './wal-file';

const schemaVersion = 1;
const cacheKib = 65_536;
const lockWaitMs = 2_000;

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
 * The file behind the log: one writer (a second server on the same file fails to open it) and its write-ahead log. A
 * commit is atomic and in order, but on the disk only once somebody has synced the write-ahead log (`WalFile`);
 * checkpoints sync for themselves and run only when asked for. Synchronous; every error of SQLite passes through.
 */
export class EventTables {
  private db: DatabaseSync;
  private readonly lock: DatabaseSync;
  private readable: TableReads;
  private readonly insertEvent: StatementSync;
  private readonly insertRevision: StatementSync;
  private readonly insertId: StatementSync;
  private readonly insertStream: StatementSync;

  constructor(private readonly file: string) {
    this.lock = new DatabaseSync(`${file}.lock`, { timeout: lockWaitMs });
    this.db = new DatabaseSync(file, { timeout: lockWaitMs });
    try {
      this.open();
    } catch (error) {
      this.close();
      throw error;
    }
    this.readable = new TableReads(this.db);
    const places = Array.from({ length: 10 }, () => '?').join(', ');
    this.insertEvent = this.db.prepare(
      `INSERT INTO events (position, stream, revision, id, type, is_json, hidden, created_ms, data, metadata) VALUES (${places})`,
    );
    this.insertStream = this.db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.insertRevision = this.db.prepare('INSERT INTO stream_events (stream, key, position) VALUES (?, ?, ?)');
    this.insertId = this.db.prepare('INSERT OR IGNORE INTO stream_events (stream, key, position) VALUES (?, ?, ?)');
  }

  private open(): void {
    // Held as long as this is open, and let go by the system when the process is killed.
    this.lock.exec('BEGIN EXCLUSIVE');
    rewriteWal(this.file);
    this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
      PRAGMA cache_size = -${cacheKib}; BEGIN IMMEDIATE`);
    const version = Number(Object.values(this.db.prepare('PRAGMA user_version').get() ?? {})[0]);
    if (version === 0) this.db.exec(schema);
    this.db.exec('COMMIT');
    if (version > schemaVersion)
      throw new Error(`the file has version ${version}, this program knows ${schemaVersion}`);
  }

  get reads(): TableReads {
    return this.readable;
  }

  begin(): void {
    this.db.exec('BEGIN IMMEDIATE');
  }

  /** Returns once the write-ahead log has it; the disk may not. */
  commit(): void {
    this.db.exec('COMMIT');
  }

  /** Also when SQLite has rolled back by itself, as it does on a full disk. */
  rollback(): void {
    this.readable.undone();
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
  }

  /** Moves everything from the write-ahead log to the file, so that the log begins anew. */
  checkpoint(): void {
    this.db.exec('PRAGMA wal_checkpoint(RESTART)');
  }

  /**
   * Goes on with a connection that can only read. The writing one would checkpoint when it is closed, and so move
   * pages to the file that a disk which refused a sync may have lost.
   */
  giveUpWriting(): void {
    const reader = new DatabaseSync(this.file, { timeout: lockWaitMs, readOnly: true });
    // Reads once before the writer goes: only then does the reader keep it from the checkpoint.
    this.readable = new TableReads(reader);
    this.readable.headPosition();
    this.db.close();
    this.db = reader;
  }

  close(): void {
    this.db.close();
    this.lock.close();
  }

  addStream(name: string): number {
    return Number(this.insertStream.run(name).lastInsertRowid);
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
}
