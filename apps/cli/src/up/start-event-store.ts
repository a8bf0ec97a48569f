import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type EventStoreInWorker, selfSigned, startEventStoreInWorker } from '@hark/embedded';
import { writePrivate } from './private-file';

/**
 * The embedded event store of a hub, in a thread of its own, for nobody but who can read its address: it speaks TLS with a
 * key of this very start, which is never written down, and demands a login of this start. The certificate to trust stands
 * in `home`, as the client reads it from a file. `home` must be held: a running hub's certificate must not be replaced.
 */
export function startEventStore(home: string): Promise<EventStoreInWorker> {
  const certificateFile = join(home, 'event-store.crt');
  const pair = selfSigned('Hark event store');
  writePrivate(certificateFile, pair.certificate);
  return startEventStoreInWorker({
    dataDir: join(home, 'event-store'),
    // As whom no stream's access rights hold anything back.
    auth: { user: 'admin', password: randomBytes(24).toString('base64url') },
    tls: { ...pair, certificateFile },
  });
}
