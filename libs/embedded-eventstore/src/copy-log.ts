import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HarkError } from '@hark/kernel';
import { syncNames } from './wal-file';

/** A copy of the log. */
export interface CopiedLog {
  /** Of its last event. */
  readonly position: number;
  /** How many it holds, the store's own among them. */
  readonly events: number;
}

/** Has `copy` write the log's copy to `file`, checks that SQLite takes it for whole and brings it to the disk. */
export async function copyLog(copy: (file: string) => Promise<void>, file: string): Promise<CopiedLog> {
  if (existsSync(file)) throw new HarkError('conflict', 'event-store.copy-exists', `there is a file ${file} already`);
  try {
    await copy(file);
    standAlone(file);
    const copied = checkLogFile(file);
    syncFile(file);
    syncNames(dirname(file), undefined);
    return copied;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * Reads a log's file through, as SQLite's own check does. `invalid` `event-store.damaged` when it is not whole. The file
 * must not be in use; nothing of it is changed.
 */
export function checkLogFile(file: string): CopiedLog {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [check] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok') throw new Error(check?.integrity_check);
    const head = database
      .prepare('SELECT coalesce(max(position), 0) AS position, count(*) AS events FROM events')
      .get();
    const { position, events } = head as unknown as CopiedLog;
    return { position, events };
  } catch (cause) {
    throw new HarkError('invalid', 'event-store.damaged', `${file} is not a whole event log`, {}, { cause });
  } finally {
    database.close();
  }
}

/** An event as it stands in a log's file. */
export interface LogFileEvent {
  readonly position: number;
  readonly streamId: string;
  readonly type: string;
  /** UTF-8; JSON when the event is. */
  readonly data: string;
}

/** Every event of a log's file that is not in use, first to last. */
export function* eventsOfLogFile(file: string): Generator<LogFileEvent> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare(
      `SELECT position, name, type, data FROM events JOIN streams ON streams.key = events.stream ORDER BY position`,
    );
    for (const row of rows.iterate()) {
      const { position, name, type, data } = row as { position: number; name: string; type: string; data: Uint8Array };
      yield { position, streamId: name, type, data: Buffer.from(data).toString('utf8') };
    }
  } finally {
    database.close();
  }
}

/** A file in write-ahead mode wants to make another beside it whenever it is read; the store switches it back. */
function standAlone(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
