import { randomBytes } from 'node:crypto';
import { type EventStoreOptions, selfSigned } from '@hark/embedded-eventstore';

/**
 * What makes an event store one for nobody but who can read its address: TLS with a key of this very start, which is never
 * written down, and a login of this start. The certificate must be written to `certificateFile` by the caller, once nobody
 * else can be using that file.
 */
export function privateDoor(certificateFile: string): Required<Pick<EventStoreOptions, 'auth' | 'tls'>> {
  return {
    // As whom no stream's access rights hold anything back.
    auth: { user: 'admin', password: randomBytes(24).toString('base64url') },
    tls: { ...selfSigned('Hark event store'), certificateFile },
  };
}
