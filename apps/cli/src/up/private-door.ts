import { randomBytes } from 'node:crypto';
import { type EventStoreOptions, selfSigned } from '@hark/embedded-eventstore';

/**
 * Makes an event store private to processes that can read its address: TLS with a key made at this start and never
 * written down, and a login made at this start. The caller must write the certificate to `certificateFile` once nobody
 * else can be using that file.
 */
export function privateDoor(certificateFile: string): Required<Pick<EventStoreOptions, 'auth' | 'tls'>> {
  return {
    // The user that no stream's access rights restrict.
    auth: { user: 'admin', password: randomBytes(24).toString('base64url') },
    tls: { ...selfSigned('Hark event store'), certificateFile },
  };
}
