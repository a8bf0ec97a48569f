import { rmSync } from 'node:fs';
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { uuidBytes } from './codec';
import { type IndexEntry, Memtable } from './memtable';
import { type RecentEvent, RecentEvents } from './recent-events';
import { RecentIds } from './recent-ids';
import { upgradeFrom1 } from './schema-1';
import { exclusively } from './sqlite-location';
import { logRevision, TableReads } from './table-reads';
import { rewriteWal } from './wal-file';

const schemaVersion = 2;
/** Four times as much cost the same CPU in a log of 1.7 million events: the system caches the file as well. */
const cacheKib = 16_384;
const lockWaitMs = 2_000;
/** A copy takes so many pages at a time, and lets writers in between. */
const copiedPagesAtOnce = 256;
const copyTriesMax = 5;
/** Ids known again after a start. EventStoreDB 24.10 knows none. */
const idsReadMax = 16_384;

/** A row of the log as it is written. */
export interface EventRow {
  readonly position: number;
  readonly stream: number;
  readonly streamId: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly hidden: boolean;
  readonly createdMs: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

const indexSchema = `
  CREATE TABLE stream_index (
    stream INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)) STRICT, WITHOUT ROWID;
  -- Up to where the index's table goes.
  CREATE TABLE index_checkpoint (position INTEGER NOT NULL) STRICT;
  INSERT INTO index_checkpoint VALUES (0);`;
const schema = `
  CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL,
    type TEXT NOT NULL, is_json INTEGER NOT NULL, hidden INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    data BLOB NOT NULL, metadata BLOB NOT NULL) STRICT;
  ${indexSchema}
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * The file behind the log: one writer (a second server on the same file fails to open it) and its write-ahead log. A
 * commit is atomic and in order, but on the disk only once somebody has synced the write-ahead log (`WalFile`);
 * checkpoints sync for themselves and run only when asked for. The index of the newest events is kept in memory until
 * `writeIndex`. Synchronous; every error of SQLite passes through.
 */
export class EventTables {
  private db: DatabaseSync;
  private readonly lock: DatabaseSync;
  private readable: TableReads;
  private readonly memtable = new Memtable();
  private readonly recentIds = new RecentIds();
  private readonly recent = new RecentEvents();
  private readonly beginning: StatementSync;
  private readonly committing: StatementSync;
  private readonly insertEvent: StatementSync;
  private readonly insertIndexEntry: StatementSync;
  private readonly insertStream: StatementSync;
  /** Size of the memtable when the transaction began. */
  private sizeBefore = 0;

  constructor(private readonly file: string) {
    this.lock = new DatabaseSync(`${file}.lock`, { timeout: lockWaitMs });
    this.db = new DatabaseSync(exclusively(file), { timeout: lockWaitMs });
    try {
      this.open();
      this.readable = new TableReads(this.db, this.memtable, this.recentIds, this.recent);
      this.readNewest();
      const places = Array.from({ length: 10 }, () => '?').join(', ');
      this.insertEvent = this.db.prepare(
        `INSERT INTO events (position, stream, revision, id, type, is_json, hidden, created_ms, data, metadata) VALUES (${places})`,
      );
      this.insertStream = this.db.prepare('INSERT INTO streams (name) VALUES (?)');
      this.insertIndexEntry = this.db.prepare('INSERT INTO stream_index (stream, revision, position) VALUES (?, ?, ?)');
      this.beginning = this.db.prepare('BEGIN IMMEDIATE');
      this.committing = this.db.prepare('COMMIT');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private open(): void {
    // Held as long as this is open, and let go by the system when the process is killed.
    this.lock.exec('BEGIN EXCLUSIVE');
    rewriteWal(this.file);
    this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
      PRAGMA cache_size = -${cacheKib}; BEGIN IMMEDIATE`);
    const version = Number(Object.values(this.db.prepare('PRAGMA user_version').get() ?? {})[0]);
    if (version === 0) this.db.exec(schema);
    if (version === 1) this.db.exec(`${indexSchema} ${upgradeFrom1} PRAGMA user_version = ${schemaVersion}`);
    this.db.exec('COMMIT');
    if (version > schemaVersion)
      throw new Error(`the file has version ${version}, this program knows ${schemaVersion}`);
  }

  get reads(): TableReads {
    return this.readable;
  }

  /** How many events are not in the index's table yet, and in how many streams. */
  get unindexed(): { readonly events: number; readonly streams: number } {
    return { events: this.memtable.size, streams: this.memtable.streams };
  }

  begin(): void {
    this.sizeBefore = this.memtable.size;
    this.beginning.run();
  }

  /** Returns once the write-ahead log has it; the disk may not. */
  commit(): void {
    this.committing.run();
  }

  /** Also when SQLite has rolled back by itself, as it does on a full disk. */
  rollback(): void {
    this.memtable.cutTo(this.sizeBefore);
    this.recent.clear();
    this.readable.undone();
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
  }

  /** Moves the index of the newest events from memory to its table, in a transaction of its own. */
  writeIndex(): void {
    const entries = this.memtable.inIndexOrder();
    this.begin();
    try {
      for (const { stream, revision, position } of entries) this.insertIndexEntry.run(stream, revision, position);
      this.db.exec('UPDATE index_checkpoint SET position = (SELECT coalesce(max(position), 0) FROM events)');
      this.commit();
    } catch (error) {
      this.rollback();
      throw error;
    }
    this.memtable.clear();
  }

  /** Moves everything from the write-ahead log to the file, so that the log begins anew. */
  checkpoint(): void {
    this.db.exec('PRAGMA wal_checkpoint(RESTART)');
  }

  /**
   * Copies the whole file to `file` while it is written to: the copy is one moment of it, no earlier than the call. What is
   * written meanwhile goes into both; a step that meets a transaction is tried again.
   */
  async copyTo(file: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await backup(this.db, file, { rate: copiedPagesAtOnce });
        return;
      } catch (error) {
        // Writes between two steps can make SQLite give a copy up, with nothing wrong on either side ("not an error").
        if (tries >= copyTriesMax) throw error;
        rmSync(file, { force: true });
      }
    }
  }

  /**
   * Goes on with a connection that can only read. The writing one would checkpoint when it is closed, and so move
   * pages to the file that a disk which refused a sync may have lost.
   */
  giveUpWriting(): void {
    const reader = new DatabaseSync(exclusively(this.file), { timeout: lockWaitMs, readOnly: true });
    // Reads once before the writer goes: only then does the reader keep it from the checkpoint.
    this.readable = new TableReads(reader, this.memtable, this.recentIds, this.recent);
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
    this.memtable.add(row);
    this.recentIds.add(row.stream, id, row.position);
    this.recent.add(recentOf(row));
  }

  /** What an earlier process had in memory: the index beyond its table, and the ids of the latest events. */
  private readNewest(): void {
    const afterCheckpoint = this.db.prepare(
      `SELECT stream, revision, position FROM events
       WHERE position > (SELECT position FROM index_checkpoint) ORDER BY position`,
    );
    for (const entry of afterCheckpoint.iterate()) this.memtable.add(entry as unknown as IndexEntry);
    const latest = this.db.prepare('SELECT stream, id, position FROM events WHERE position > ? ORDER BY position');
    for (const row of latest.iterate(this.readable.headPosition() - idsReadMax)) {
      const { stream, id, position } = row as { stream: number; id: Uint8Array; position: number };
      this.recentIds.add(stream, id, position);
    }
  }
}

const recentOf = ({ stream, hidden, revision, ...event }: EventRow): RecentEvent => ({
  event: { ...event, revision: logRevision(revision) },
  stream,
  hidden,
});
