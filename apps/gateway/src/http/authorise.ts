import { credential } from '@hark/contracts';
import { HarkError, optional } from '@hark/kernel';
import { Caller } from '@hark/nats';
import { Access } from '../routes/route';
import { LiveSessions } from '../session/live-sessions';

const anonymous: Caller = { kind: 'anonymous', roles: [] };
const credentialKinds = { hk: 'key', has: 'app' } as const;

/** The caller, and the key or secret when they showed one. */
export interface Authorised {
  readonly caller: Caller;
  readonly credential?: string;
}

/**
 * The caller when `bearer` may make this kind of call; throws why not. Keys and secrets are only told apart here: the
 * service that owns the stream checks them.
 */
export async function authorise(
  who: Access,
  bearer: string | undefined,
  sessions: Pick<LiveSessions, 'verify' | 'knownUser'>,
): Promise<Authorised> {
  if (who === 'anyone')
    return { caller: { ...anonymous, ...optional('knownUserId', await sessions.knownUser(bearer)) } };
  const kind = bearer === undefined ? undefined : credentialKind(bearer);
  if (who === 'credential' || who === 'app') {
    if (bearer === undefined) throw new HarkError('refused', 'credential.required', 'no key or secret was sent');
    if (!kind || !isCredential(bearer)) throw noCredential();
    if (who === 'app' && kind !== 'app') {
      throw new HarkError('refused', 'credential.app-needed', 'a binding key was sent where an app secret is needed');
    }
    return { caller: { kind, roles: [] }, credential: bearer };
  }
  if (who === 'owner-or-app' && kind === 'app') {
    if (!isCredential(bearer)) throw noCredential();
    return { caller: { kind, roles: [] }, credential: bearer! };
  }
  if (bearer === undefined) throw new HarkError('refused', 'session.required', 'no session was sent');
  if (kind)
    throw new HarkError('refused', 'credential.not-enough', 'a key or secret was sent where a session is needed');
  const { userId, sessionId, roles, withheld } = await sessions.verify(bearer);
  if ((who === 'operator' || who === 'admin') && !roles.includes(who)) {
    if (withheld) throw new HarkError('refused', 'role.second-factor', 'the session has not shown a second factor');
    throw new HarkError('refused', 'role.required', 'the caller lacks a role', { extra: { role: who } });
  }
  return { caller: { kind: 'user', userId, sessionId, roles } };
}

/** What has the prefix of a credential may still be none: too short, too long. To its sender it is a wrong key, not a wrong field. */
const isCredential = (bearer: string | undefined): boolean => credential.safeParse(bearer).success;
const noCredential = () => new HarkError('refused', 'key.invalid', 'the bearer token is no key or secret');

function credentialKind(bearer: string): 'key' | 'app' | undefined {
  const prefix = bearer.slice(0, bearer.indexOf('_'));
  return Object.hasOwn(credentialKinds, prefix) ? credentialKinds[prefix as keyof typeof credentialKinds] : undefined;
}
