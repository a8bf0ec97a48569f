import type { QueryRunner } from 'typeorm';
import type { CommandContext, RecordedEvent } from '@hark/eventstore';
import { IsoTime, uuid5 } from '@hark/kernel';
import { quoted } from './sql';

/** A row of a service's due table: one thing to be done at a time. Written by a projection, like every row. */
export interface DueRow {
  /** Names the thing within the table; when it is put off again, its row gets the new time. */
  due_key: string;
  due_at: IsoTime;
  /** What to do; the schedule knows it by this name. */
  task: string;
  /** Ids and codes that the task needs. No texts, no addresses. */
  data: object;
  /** The event that set the time, and the request it came from. */
  event_id: string;
  request_id: string;
  correlation_id: string;
}

/** A due row as its task receives it. */
export interface Due {
  readonly key: string;
  readonly dueAt: IsoTime;
  readonly task: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The leader's fencing token; later leaders have larger ones. Store it with the events of the firing. */
  readonly epoch: number;
  /** The id for the command of this firing: the same for every firing of the same row, and so are its event ids. */
  readonly context: Omit<CommandContext, 'actor'>;
}

/**
 * What a service does when a time comes. `fire` is called at least once for every due row, by one process at a time as
 * far as a lease can promise that. So its command must name exactly what it takes up (deferral n, not "the next"), and
 * the decider must answer a second firing, even by a leader that froze and woke up, with no event.
 *
 * It must remove the row: an event it appends is projected into the table. A row that stays is fired again.
 */
export interface Schedule {
  /** `<service>.<table>`, made by `createDueTable`. */
  readonly table: string;
  /** The projection that fills it; its writes are noticed at once. */
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

/** The row in the form its task receives. */
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

/** For a migration: makes a due table with the index that finds what is due. */
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
