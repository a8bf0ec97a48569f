import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type EventStoreInWorker } from '@hark/embedded-eventstore';
import { startNatsBroker } from '@hark/embedded-nats';
import { startPostgres } from '@hark/embedded-postgres';
import { Disposables } from '@hark/kernel';
import { Settings } from './settings';
import { startEventStore } from './start-event-store';

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
  const [eventStore, nats, database] = await Promise.allSettled([
    env.EVENTSTORE_URL ||
      startEventStore(home).then((store) => {
        onEventStore?.(store);
        return watched('the event store', started, lost)(store);
      }),
    env.NATS_URL || startNatsBroker({ authToken: randomBytes(24).toString('base64url') }).then(urlOf(started)),
    env.DATABASE_URL || startPostgres({ dataDir: join(home, 'postgres') }).then(watched('Postgres', started, lost)),
  ]);
  return { EVENTSTORE_URL: valueOf(eventStore), NATS_URL: valueOf(nats), DATABASE_URL: valueOf(database) };
}

interface Store {
  readonly url: string;
  close(): Promise<void>;
}

/** Like `urlOf`, and reports when the store ends without having been asked to. */
const watched =
  (name: string, started: Disposables, lost: (what: string) => void) =>
  (store: Store & { readonly exited: Promise<void> }): string => {
    let closing = false;
    const close = (): Promise<void> => {
      closing = true;
      return store.close();
    };
    void store.exited.then(() => closing || lost(name));
    return started.add({ url: store.url, close }).url;
  };

const urlOf =
  (started: Disposables) =>
  (store: Store): string =>
    started.add(store).url;

function valueOf(result: PromiseSettledResult<string>): string {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
