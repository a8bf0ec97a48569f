import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';

/** Where the log ends: the commit position of its last event; -1 when it has none. */
export function readHead(client: EventStoreDBClient, deadlineMs: number): Promise<bigint> {
  return new Promise((resolve, reject) => {
    let head = -1n;
    const stream = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    // The client gives reads no deadline of their own.
    const timer = setTimeout(() => {
      stream.cancel().catch(() => {});
      reject(new HarkError('unavailable', 'eventstore.timeout', `no answer within ${deadlineMs} ms`));
    }, deadlineMs);
    stream.on('data', ({ event, link, commitPosition }) => {
      head = commitPosition ?? event?.position?.commit ?? link?.position?.commit ?? head;
    });
    stream.on('end', () => {
      clearTimeout(timer);
      resolve(head);
    });
    stream.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
