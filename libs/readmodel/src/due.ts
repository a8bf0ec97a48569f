import type { QueryRunner } from 'typeorm';
import type { CommandContext, RecordedEvent } from '@hark/eventstore';
import { IsoTime, uuid5 } from '@hark/kernel';
import { quoted } from './sql';

/** A row of a service's due table: one thing that is to happen at a time. Written by a projection, like every row. */
export interface DueRow {
  /** Names the thing within the table; when it is put off again, its row moves to the new time. */
  due_key: string;
  due_at: IsoTime;
  /** What is to be done; the schedule knows it by this name. */
  task: string;
  /** Ids and codes that the task needs. No texts, no addresses. */
  data: object;
  /** The event that set the time, and the request it came from. */
  event_id: string;
  request_id: string;
  correlation_id: string;
}

/** Something whose time has come. */
export interface Due {
  readonly key: string;
  readonly dueAt: IsoTime;
  readonly task: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The leader's fencing token: later leaders have larger ones. Stored with what is fired. */
  readonly epoch: number;
  /** For the command that fires it. The same for every firing of the same row, so event ids are the same too. */
  readonly context: Omit<CommandContext, 'actor'>;
}

/**
 * What a service does when a time comes. `fire` is called at least once for every row that is due, by one process at a
 * time as far as leases can promise it: so it names in its command what it takes up (the n-th deferral, not "the next"),
 * and the decider answers a second firing, also one by a leader that was frozen and thaws, with no event.
 *
 * It must take the row away: what it appends is projected into the table. A row that stays is fired again.
 */
export interface Schedule {
  /** `<service>.<table>`, made by `createDueTable`. */
  readonly table: string;
  /** The projection that fills it; what it writes is noticed at once. */
  readonly projection: string;
  fire(due: Due): Promise<void>;
}

/** A row for the table of what is due, set by this event. */
export const dueRow = (
  { eventId, metadata }: RecordedEvent,
  { key, at, task, data }: { key: string; at: IsoTime; task: string; data: object },
): DueRow => ({
  due_key: key,
  due_at: at,
  task,
  data,
  event_id: eventId,
  request_id: metadata.requestId ?? eventId,
  correlation_id: metadata.$correlationId ?? eventId,
});

/** The row as its task is given it. */
export const dueOf = (row: DueRow, epoch: number): Due => ({
  key: row.due_key,
  dueAt: row.due_at,
  task: row.task,
  data: row.data as Due['data'],
  epoch,
  context: {
    commandId: uuid5(row.event_id, `fire:${row.due_key}`),
    requestId: row.request_id,
    correlationId: row.correlation_id,
    causationId: row.event_id,
  },
});

/** For a migration: makes a table of what is due, with the index that finds it. */
export async function createDueTable(runner: QueryRunner, table: string): Promise<void> {
  const index = `${table.split('.')[1]!}_by_time`;
  await runner.query(`
    create table ${quoted(table)} (
      due_key text primary key,
      due_at timestamptz not null,
      task text not null,
      data jsonb not null,
      event_id uuid not null,
      request_id text not null,
      correlation_id text not null
    )`);
  await runner.query(`create index ${quoted(index)} on ${quoted(table)} (due_at, due_key)`);
}
