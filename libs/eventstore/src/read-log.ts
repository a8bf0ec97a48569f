import { BACKWARDS, Direction, END, EventStoreDBClient, FORWARDS, Position, START } from '@eventstore/db-client';
import { RecordedEvent, toRecordedEvent } from './recorded-event';
import { readWithin } from './store-deadline';

/** One page of the whole log. */
interface LogPage {
  readonly events: RecordedEvent[];
  /** Where the next page begins; undefined when this was the last one. */
  readonly next: Position | undefined;
}

const pageEventsMax = 500;
const deadlineMs = 10_000;

/** Every event of ours in the log, first to last, page by page; EventStoreDB's own system events are left out. */
export async function* readLog(client: () => EventStoreDBClient): AsyncGenerator<RecordedEvent> {
  let from: Position | typeof START = START;
  // Ends at the log's end. Events appended meanwhile are read too; appends are slower than reads, so it does end.
  for (;;) {
    const { events, next }: LogPage = await readLogPage(client(), FORWARDS, from, pageEventsMax);
    yield* events;
    if (!next) return;
    from = next;
  }
}

/** Our events among the latest `eventsMax` of the log, latest first. */
export async function readLogEnd(client: EventStoreDBClient, eventsMax: number): Promise<RecordedEvent[]> {
  return (await readLogPage(client, BACKWARDS, END, eventsMax)).events;
}

/** Our events among the `eventsMax` before a place of the log, or the latest ones, latest first. */
export async function readLogBefore(
  client: EventStoreDBClient,
  before: bigint | undefined,
  eventsMax: number,
): Promise<{ readonly events: RecordedEvent[]; readonly next: bigint | undefined }> {
  const from = before === undefined ? END : { commit: before, prepare: before };
  const { events, next } = await readLogPage(client, BACKWARDS, from, eventsMax);
  return { events, next: next?.commit };
}

async function readLogPage(
  client: EventStoreDBClient,
  direction: Direction,
  fromPosition: Position | typeof START | typeof END,
  maxCount: number,
): Promise<LogPage> {
  const events: RecordedEvent[] = [];
  let seen = 0;
  let last: Position | undefined;
  const after = typeof fromPosition === 'string' ? undefined : fromPosition;
  await readWithin(deadlineMs, client, client.readAll({ direction, fromPosition, maxCount }), ({ event }) => {
    seen += 1;
    if (!event) return;
    const { position } = event;
    // A read from a position includes the event at it: skip that one.
    const again = after && position?.commit === after.commit && position.prepare === after.prepare;
    last = position;
    if (again || event.streamId.startsWith('$')) return;
    const recorded = toRecordedEvent(event);
    if (recorded) events.push(recorded);
  });
  return { events, next: seen < maxCount ? undefined : last };
}
