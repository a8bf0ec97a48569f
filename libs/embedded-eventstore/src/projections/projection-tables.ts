import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { exclusively } from '../sqlite-location';

const schemaVersion = 1;
const cacheKib = 8_192;
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const unreadableCodes: readonly unknown[] = [11, 26];

const schema = `
  CREATE TABLE progress (log TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
  CREATE TABLE streams (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next INTEGER NOT NULL) STRICT;
  CREATE TABLE entries (
    stream INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (stream, number)) STRICT, WITHOUT ROWID;
  INSERT INTO progress VALUES ('', 0);
  PRAGMA user_version = ${schemaVersion};
`;

/** Which log an index belongs to, and how far that log goes. */
export interface IndexedLog {
  readonly id: string;
  readonly head: number;
}

/** One event of a projected stream: its number there, and the position of the event it links to. */
export interface Entry {
  readonly number: number;
  readonly position: number;
}

interface StreamRow {
  readonly key: number;
  next: number;
}

/** Opens the index in `file`; begins it anew when it is unreadable, of another version or of another log. */
export function openProjectionTables(file: string, log: IndexedLog): ProjectionTables {
  try {
    const tables = new ProjectionTables(file);
    if (tables.belongsTo(log)) return tables;
    tables.close();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  const tables = new ProjectionTables(file);
  tables.belongsTo(log);
  return tables;
}

/**
 * The file behind the projected streams: the positions of each one's events in order, and up to where the log has been
 * gone through. A commit is atomic, but may be lost with the power: the log is then gone through again from before it.
 * Synchronous; every error of SQLite passes through.
 */
export class ProjectionTables {
  private readonly db: DatabaseSync;
  private readonly streamByName: StatementSync;
  private readonly insertStream: StatementSync;
  private readonly insertEntry: StatementSync;
  private readonly setNext: StatementSync;
  private readonly setPosition: StatementSync;
  private readonly forwards: StatementSync;
  private readonly backwards: StatementSync;
  private indexedTo = 0;

  constructor(file: string) {
    // Waits for no lock: a wait would stop the event loop, and whoever asks next tries again.
    this.db = new DatabaseSync(exclusively(file));
    try {
      this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKib}`);
      if (this.version() === 0) this.inTransaction(() => this.db.exec(schema));
      this.streamByName = this.db.prepare('SELECT key, next FROM streams WHERE name = ?');
      this.insertStream = this.db.prepare('INSERT INTO streams (name, next) VALUES (?, 0)');
      this.insertEntry = this.db.prepare('INSERT INTO entries (stream, number, position) VALUES (?, ?, ?)');
      this.setNext = this.db.prepare('UPDATE streams SET next = ? WHERE key = ?');
      this.setPosition = this.db.prepare('UPDATE progress SET position = ?');
      const page = (where: string) =>
        this.db.prepare(`SELECT number, position FROM entries WHERE stream = ? AND ${where} LIMIT ?`);
      this.forwards = page('number >= ? ORDER BY number');
      this.backwards = page('number <= ? ORDER BY number DESC');
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /** Position of the last event of the log that was gone through. */
  get position(): number {
    return this.indexedTo;
  }

  /** Whether what stands here can have been read from this log; an empty index takes the log for its own. */
  belongsTo({ id, head }: IndexedLog): boolean {
    if (this.version() !== schemaVersion) return false;
    const { log, position } = this.db.prepare('SELECT log, position FROM progress').get() as {
      log: string;
      position: number;
    };
    if (position === 0) this.db.prepare('UPDATE progress SET log = ?').run(id);
    else if (log !== id || position > head) return false;
    this.indexedTo = position;
    return true;
  }

  /** Puts links at the ends of their streams, in the order given, and moves on to `position`: all of it or nothing. */
  add(links: Iterable<readonly [streamId: string, position: number]>, position: number): void {
    this.inTransaction(() => {
      const touched = new Map<string, StreamRow>();
      for (const [streamId, target] of links) {
        const stream = touched.get(streamId) ?? this.stream(streamId) ?? this.newStream(streamId);
        touched.set(streamId, stream);
        this.insertEntry.run(stream.key, stream.next, target);
        stream.next += 1;
      }
      for (const { key, next } of touched.values()) this.setNext.run(next, key);
      this.setPosition.run(position);
    });
    this.indexedTo = position;
  }

  /** How many events a stream has. */
  count(streamId: string): number {
    return this.stream(streamId)?.next ?? 0;
  }

  /** At most `limit` entries of a stream from number `from` on (`Up`), or from there down. */
  page(direction: 'Up' | 'Down', streamId: string, from: number, limit: number): Entry[] {
    const stream = this.stream(streamId);
    if (stream === undefined) return [];
    const statement = direction === 'Up' ? this.forwards : this.backwards;
    return statement.all(stream.key, from, limit) as unknown as Entry[];
  }

  close(): void {
    this.db.close();
  }

  private stream(streamId: string): StreamRow | undefined {
    return this.streamByName.get(streamId) as StreamRow | undefined;
  }

  private newStream(streamId: string): StreamRow {
    return { key: Number(this.insertStream.run(streamId).lastInsertRowid), next: 0 };
  }

  private version(): number {
    return Number(Object.values(this.db.prepare('PRAGMA user_version').get() ?? {})[0]);
  }

  private inTransaction(work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      // On a full disk SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }
}

const isUnreadable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && unreadableCodes.includes(error.errcode);
