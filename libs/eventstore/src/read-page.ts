import { EventStoreDBClient, StreamNotFoundError } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { RecordedEvent, toRecordedEvent } from './recorded-event';

/** One page of a stream. */
export interface Page {
  readonly events: RecordedEvent[];
  /** Where the next page begins; undefined when this was the last one. */
  readonly next: number | undefined;
}

/** Up to `eventsMax` events of a stream from a revision on; none when there is no such stream. */
export function readPage(
  client: EventStoreDBClient,
  streamId: string,
  fromRevision: number,
  eventsMax: number,
  deadlineMs: number,
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const events: RecordedEvent[] = [];
    let seen = 0;
    let next = fromRevision;
    const stream = client.readStream(streamId, { fromRevision: BigInt(fromRevision), maxCount: eventsMax });
    // The client gives reads no deadline of their own.
    const timer = setTimeout(() => {
      stream.cancel().catch(() => {});
      reject(new HarkError('unavailable', 'eventstore.timeout', `no answer within ${deadlineMs} ms`));
    }, deadlineMs);
    stream.on('data', ({ event }) => {
      seen += 1;
      if (event) next = Number(event.revision) + 1;
      const recorded = toRecordedEvent(event);
      if (recorded) events.push(recorded);
    });
    stream.on('end', () => {
      clearTimeout(timer);
      resolve({ events, next: seen < eventsMax ? undefined : next });
    });
    stream.on('error', (error) => {
      clearTimeout(timer);
      if (error instanceof StreamNotFoundError) resolve({ events: [], next: undefined });
      else reject(error);
    });
  });
}
