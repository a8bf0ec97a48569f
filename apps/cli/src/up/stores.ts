import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type EventStoreInWorker } from '@hark/embedded-eventstore';
import { type NatsBrokerOptions } from '@hark/embedded-nats';
import { startPostgres } from '@hark/embedded-postgres';
import { Disposables } from '@hark/kernel';
import { HubThread } from './hub-thread';
import { Settings } from './settings';
import { startEventStore } from './start-event-store';
import { type Ending, watched } from './watched';

/** The addresses of the three stores. */
export interface StoreUrls {
  readonly EVENTSTORE_URL: string;
  readonly NATS_URL: string;
  readonly DATABASE_URL: string;
}

/**
 * Starts an embedded store for every address that is not set, and returns all three addresses. An embedded store
 * accepts only clients that know its address, which contains a login. `home` must be held. `lost` is called with a
 * store that ended by itself: the hub cannot go on without it. `onEventStore` is given the embedded event store, if
 * there is one.
 */
export async function startStores(
  { home, env }: Settings,
  started: Disposables,
  lost: (what: string) => void,
  onEventStore?: (store: EventStoreInWorker) => void,
): Promise<StoreUrls> {
  const added = <Part extends Ending>(name: string, part: Part): Part => {
    started.add(watched(name, part, lost));
    return part;
  };
  const [eventStore, nats, database] = await Promise.allSettled([
    env.EVENTSTORE_URL ||
      startEventStore(home).then((store) => {
        onEventStore?.(store);
        return added('the event store', store).url;
      }),
    env.NATS_URL || startBroker().then((broker) => added('the broker', broker).said.url),
    env.DATABASE_URL ||
      startPostgres({ dataDir: join(home, 'postgres') }).then((postgres) => added('Postgres', postgres).url),
  ]);
  return { EVENTSTORE_URL: valueOf(eventStore), NATS_URL: valueOf(nats), DATABASE_URL: valueOf(database) };
}

/** The broker in a thread of its own: what it hands on does not wait for what the services are doing. */
function startBroker(): Promise<HubThread<{ readonly url: string }>> {
  const options: NatsBrokerOptions = { authToken: randomBytes(24).toString('base64url') };
  return HubThread.start('broker', options);
}

function valueOf(result: PromiseSettledResult<string>): string {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
