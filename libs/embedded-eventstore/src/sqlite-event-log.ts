import { join } from 'node:path';
import { privateFolder } from '@hark/private-folder';
import { Checkpointer } from './checkpointer';
import { type CopiedLog, copyLog } from './copy-log';
import type {
  AppendOutcome,
  EventHead,
  EventLog,
  ExpectedRevision,
  LogEvent,
  NewEvent,
  ScannedPage,
  StreamState,
} from './event-log';
import { EventTables } from './event-tables';
import { GroupCommit } from './group-commit';
import { LogWriter } from './log-writer';
import { notOpened } from './not-opened';
import { Streams } from './streams';
import { tombstoneRevision } from './table-reads';
import { type SyncFile, syncNames, WalFile } from './wal-file';

/** How a log is opened. */
export interface SqliteEventLogOptions {
  readonly nowMs?: () => number;
  /** How the write-ahead log gets to the disk; `fdatasync` in Node's thread pool by default. */
  readonly sync?: SyncFile;
  /**
   * Hears, once, that the disk failed and nothing is written any more, and each time the index of the streams could not
   * be written to its table; by default it goes to standard error.
   */
  readonly onUnexpected?: (error: unknown) => void;
}

/**
 * The log in one SQLite file. Appends that arrive together share a transaction and an fsync, beside the event loop where
 * that pays (`WalFile`); none is answered, and no reader sees its events, before it. When the disk refuses to write, every
 * append of the group is tried once more alone, and what still fails is rejected as `unavailable` with nothing written.
 * When it fails to sync, what waits and whatever comes later is rejected as `unavailable`; reads go on.
 */
export class SqliteEventLog implements EventLog {
  private readonly tables: EventTables;
  private readonly wal: WalFile;
  private readonly streams: Streams;
  private readonly writer: LogWriter;
  private readonly commits: GroupCommit;
  private readonly checkpointer: Checkpointer;
  private readonly listeners = new Set<(head: number) => void>();
  private closing: Promise<void> | undefined;

  /** Opens or creates the log in `dataDir`. Fails with `unavailable` when another server has it open. */
  constructor(dataDir: string, options: SqliteEventLogOptions = {}) {
    const { nowMs = Date.now, onUnexpected = (error) => console.error('event log:', error) } = options;
    const file = join(dataDir, 'events.db');
    let opened: EventTables | undefined;
    try {
      const made = privateFolder(dataDir);
      this.tables = opened = new EventTables(file);
      this.streams = new Streams(() => this.tables.reads);
      this.writer = new LogWriter(this.tables, this.streams, nowMs, onUnexpected);
      if (this.writer.head === 0) this.writer.writeFirstEvents();
      this.wal = new WalFile(file, options.sync);
      this.wal.syncNow();
      syncNames(dataDir, made);
    } catch (cause) {
      opened?.close();
      throw notOpened(dataDir, file, cause);
    }
    this.checkpointer = new Checkpointer(file, {
      pause: () => this.commits.pause(),
      resume: () => this.commits.resume(),
      checkpoint: () => this.tables.checkpoint(),
      onFailed: (error) => this.commits.fail(error),
    });
    this.commits = new GroupCommit({
      writer: this.writer,
      sync: (alone) => this.wal.sync(alone),
      onWritten: (bytes) => this.checkpointer.wrote(bytes),
      onDurable: (head) => this.listeners.forEach((listener) => listener(head)),
      onFailed: (error) => {
        onUnexpected(error);
        this.giveUpWriting(onUnexpected);
      },
    });
  }

  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendOutcome> {
    return this.commits.run(() => this.writer.append(streamId, expected, events));
  }

  softDelete(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return this.commits.run(() => this.writer.delete(streamId, expected, 'soft'));
  }

  tombstone(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    return this.commits.run(() => this.writer.delete(streamId, expected, 'hard'));
  }

  head(): number {
    return this.commits.durableHead;
  }

  state(streamId: string): StreamState {
    return this.streams.stateAt(this.head(), streamId);
  }

  readStreamForwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    return this.streamPage('Up', streamId, from, limit);
  }

  readStreamBackwards(streamId: string, from: bigint, limit: number): LogEvent[] {
    return this.streamPage('Down', streamId, from, limit);
  }

  readAllForwards(after: number, limit: number): LogEvent[] {
    return this.tables.reads.allPage('Up', after, this.head(), limit);
  }

  readAllBackwards(before: number, limit: number): LogEvent[] {
    return this.tables.reads.allPage('Down', before, this.head(), limit);
  }

  scanAllForwards(after: number, limit: number, wanted: (event: EventHead) => boolean): ScannedPage {
    return this.tables.reads.scanPage(after, this.head(), limit, wanted);
  }

  onCommitted(listener: (head: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Writes what still waits, waits for the disk to have it, then lets go of the file. Later appends are refused. */
  close(): Promise<void> {
    return (this.closing ??= this.letGo());
  }

  /** Writes what waits now instead of at the end of this turn; resolves when its appends have been answered. */
  flushAll(): Promise<void> {
    return this.commits.flush();
  }

  /**
   * Copies the log to `file`, which must not be there, while appends go on: everything acknowledged before the call, as it
   * stood at one moment, on the disk when this resolves. Throws what SQLite and the disk say.
   */
  copyTo(file: string): Promise<CopiedLog> {
    return copyLog((to) => this.tables.copyTo(to), file);
  }

  private streamPage(direction: 'Up' | 'Down', streamId: string, from: bigint, limit: number): LogEvent[] {
    const { key } = this.streams.get(streamId);
    if (key === undefined) return [];
    return this.tables.reads.streamPage(direction, key, storable(from), this.head(), limit);
  }

  private async letGo(): Promise<void> {
    await this.commits.close();
    await this.checkpointer.stop();
    this.wal.close();
    this.tables.close();
  }

  private giveUpWriting(onUnexpected: (error: unknown) => void): void {
    void this.checkpointer.stop();
    try {
      this.tables.giveUpWriting();
    } catch (error) {
      onUnexpected(error);
    }
  }
}

/** A revision as the table can hold it; nothing lies beyond the tombstone. */
const storable = (revision: bigint): number =>
  revision >= BigInt(tombstoneRevision) ? tombstoneRevision : Number(revision);
