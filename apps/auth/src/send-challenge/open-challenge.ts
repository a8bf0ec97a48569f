import { User } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { endpointOf } from '../domain/user.decider';
import { Challenge } from './challenge-sender';

/** The challenge with that code, if it is the endpoint's latest, not answered, still valid and not given up. */
export function openChallenge(
  user: User,
  { endpointId, codeHash }: { readonly endpointId: string; readonly codeHash: string },
  now: IsoTime,
): Challenge | undefined {
  const endpoint = endpointOf(user, endpointId);
  const challenge = endpoint?.challenge;
  if (!endpoint || !challenge || endpoint.verified || challenge.codeHash !== codeHash) return undefined;
  if (now >= challenge.expiresAt || challenge.sending.failure !== null) return undefined;
  return { user, endpoint: { ...endpoint, challenge } };
}
