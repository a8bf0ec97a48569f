import { join } from 'node:path';
import { type EventStoreInWorker, startEventStoreInWorker } from '@hark/embedded-eventstore';
import { privateDoor } from './private-door';
import { writePrivate } from './private-file';

/**
 * The embedded event store of a hub, in its own thread, private to processes that can read its address. The certificate
 * to trust is in `home`, because the client reads it from a file. `home` must be held, or a running hub's would be
 * replaced.
 */
export function startEventStore(home: string): Promise<EventStoreInWorker> {
  const door = privateDoor(join(home, 'event-store.crt'));
  writePrivate(door.tls.certificateFile, door.tls.certificate);
  return startEventStoreInWorker({ dataDir: join(home, 'event-store'), ...door });
}
