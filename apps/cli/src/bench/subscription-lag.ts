import { ANY, END, EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { eventData } from './event-data';
import { openLoop } from './open-loop';
import { summarise, Summary } from './percentiles';

const ratePerSecond = 1_000;
const seconds = 5;
const inFlightMax = 256;
const arrivalDeadlineMs = 10_000;
const prefix = 'bench_lag-';

/** How long after its answer an append is seen by a subscriber to `$all`, in milliseconds; 0 when it is seen before. */
export async function measureLag(client: EventStoreDBClient, signal: AbortSignal): Promise<Summary> {
  const answeredAt = new Map<number, number>();
  const seenAt = new Map<number, number>();
  const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [prefix] }) });
  const all = new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('data', ({ event }) => {
      if (event) seenAt.set((event.data as { number: number }).number, performance.now());
      if (seenAt.size === ratePerSecond * seconds) resolve();
    });
  });
  all.catch(() => undefined);
  await new Promise<void>((resolve) => subscription.once('confirmation', () => resolve()));
  try {
    await openLoop({
      ratePerSecond,
      seconds,
      inFlightMax,
      signal,
      send: async (number) => {
        await client.appendToStream(
          prefix + (number % 100),
          jsonEvent({ type: 'bench.happened', data: eventData(number) }),
          { expectedRevision: ANY },
        );
        answeredAt.set(number, performance.now());
      },
    });
    await withTimeout(arrivalDeadlineMs, all, eventsMissing);
  } finally {
    await subscription.unsubscribe();
  }
  return summarise([...answeredAt].map(([number, at]) => Math.max(0, (seenAt.get(number) ?? Infinity) - at)));
}

function eventsMissing(): never {
  throw new HarkError('unavailable', 'bench.events-missing', 'a subscriber did not see everything that was appended');
}
