import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { readWithin } from './store-deadline';

/** Where the log ends: the commit position of its last event; -1 when it has none. */
export async function readHead(client: EventStoreDBClient, deadlineMs: number): Promise<bigint> {
  let head = -1n;
  const stream = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  await readWithin(deadlineMs, client, stream, ({ event, link, commitPosition }) => {
    head = commitPosition ?? event?.position?.commit ?? link?.position?.commit ?? head;
  });
  return head;
}
