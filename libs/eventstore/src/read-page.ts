import { EventStoreDBClient, StreamNotFoundError } from '@eventstore/db-client';
import { RecordedEvent, toRecordedEvent } from './recorded-event';
import { readWithin } from './store-deadline';

/** One page of a stream. */
export interface Page {
  readonly events: RecordedEvent[];
  /** Where the next page begins; undefined when this was the last one. */
  readonly next: number | undefined;
}

/** Up to `eventsMax` events of a stream from a revision on; none when there is no such stream. */
export async function readPage(
  client: EventStoreDBClient,
  streamId: string,
  fromRevision: number,
  eventsMax: number,
  deadlineMs: number,
): Promise<Page> {
  const events: RecordedEvent[] = [];
  let seen = 0;
  let next = fromRevision;
  const stream = client.readStream(streamId, { fromRevision: BigInt(fromRevision), maxCount: eventsMax });
  try {
    await readWithin(deadlineMs, client, stream, ({ event }) => {
      seen += 1;
      if (event) next = Number(event.revision) + 1;
      const recorded = toRecordedEvent(event);
      if (recorded) events.push(recorded);
    });
  } catch (error) {
    if (error instanceof StreamNotFoundError) return { events: [], next: undefined };
    throw error;
  }
  return { events, next: seen < eventsMax ? undefined : next };
}
