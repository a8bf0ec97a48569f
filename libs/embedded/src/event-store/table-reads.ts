import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { uuidBytes, uuidText } from './codec';
import { type LogEvent, MAX64 } from './event-log';
import { GenerationCache } from './generation-cache';

/** Stands for `MAX64` in the table, because a JavaScript number cannot hold that. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER;
const streamNamesMax = 20_000;
/** A page of large events ends early, so that no reader holds more than this (and one event) in memory. */
const pageBytesMax = 1_048_576;

type Cells = [number, number, number, Uint8Array, string, number, number, Uint8Array, Uint8Array];

/** Position, stream, hidden or not, and type of an event. */
export type HeadCells = [position: number, stream: number, hidden: number, type: string];

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
  private readonly byId: StatementSync;
  private readonly byRevision: StatementSync;
  private readonly head: StatementSync;
  private readonly one: StatementSync;
  private readonly heads: StatementSync;
  private readonly pages: Readonly<Record<'streamUp' | 'streamDown' | 'allUp' | 'allDown', StatementSync>>;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.streamByName = prepare('SELECT key FROM streams WHERE name = ?');
    this.nameByStream = prepare('SELECT name FROM streams WHERE key = ?');
    this.lastTwo = prepare(
      `SELECT key, position FROM stream_events WHERE stream = ? AND key <= ${tombstoneRevision} AND position <= ?
       ORDER BY key DESC LIMIT 2`,
    );
    this.byId = prepare(
      'SELECT revision, position FROM stream_events s JOIN events USING (position) WHERE s.stream = ? AND key = ?',
    );
    this.byRevision = prepare(
      'SELECT id, position FROM stream_events s JOIN events USING (position) WHERE s.stream = ? AND key = ?',
    );
    this.head = prepare('SELECT coalesce(max(position), 0) FROM events');
    this.one = prepare(`SELECT ${columns} FROM events WHERE position = ?`);
    this.heads = prepare(
      'SELECT position, stream, hidden, type FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
    );
    const page = (where: string) => prepare(`SELECT ${columns} FROM events WHERE hidden = 0 AND ${where} LIMIT ?`);
    const streamPage = (where: string) =>
      prepare(
        `SELECT position, s.stream, revision, id, type, is_json, created_ms, data, metadata
         FROM stream_events s CROSS JOIN events USING (position)
         WHERE s.stream = ? AND ${where} LIMIT ?`,
      );
    this.pages = {
      streamUp: streamPage(`key >= ? AND key <= ${tombstoneRevision} AND s.position <= ? ORDER BY key`),
      streamDown: streamPage('key <= ? AND s.position <= ? ORDER BY key DESC'),
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
    const rows = this.lastTwo.all(stream, upTo).map((row) => cells(row) as [number, number]);
    const tombstoned = rows[0]?.[0] === tombstoneRevision;
    return { last: rows[tombstoned ? 1 : 0]?.[0] ?? -1, tombstoned, lastPosition: rows[0]?.[1] ?? 0 };
  }

  firstById(stream: number, id: string): { revision: number; position: number } | undefined {
    const row = cells(this.byId.get(stream, uuidBytes(id))) as [number, number] | undefined;
    return row && { revision: row[0], position: row[1] };
  }

  idAt(stream: number, revision: number): { id: string; position: number } | undefined {
    const row = cells(this.byRevision.get(stream, revision)) as [Uint8Array, number] | undefined;
    return row && { id: uuidText(row[0]), position: row[1] };
  }

  streamPage(direction: 'Up' | 'Down', stream: number, from: number, upTo: number, limit: number): LogEvent[] {
    return this.page(this.pages[`stream${direction}`], [stream, from, upTo, limit]);
  }

  /** Visible events only; `from` itself is left out. */
  allPage(direction: 'Up' | 'Down', from: number, upTo: number, limit: number): LogEvent[] {
    return this.page(this.pages[`all${direction}`], [from, upTo, limit]);
  }

  headsAfter(position: number, upTo: number, limit: number): HeadCells[] {
    return this.heads.all(position, upTo, limit) as unknown as HeadCells[];
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

  private page(statement: StatementSync, scope: readonly number[]): LogEvent[] {
    const events: LogEvent[] = [];
    let bytes = 0;
    for (const row of statement.iterate(...scope)) {
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
