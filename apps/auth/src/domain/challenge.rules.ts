import { UserEvent } from '@hark/contracts';
import { Endpoint } from '@hark/gate';
import { IsoTime } from '@hark/kernel';

/** What becomes of a challenge's code on its way, and of an endpoint that turns out to be gone. */
export type ChallengeCommand =
  /** The provider did not take the code: it is tried again at `retryAt`. `number`: of the deferral this makes. */
  | {
      readonly type: 'DeferChallenge';
      readonly endpointId: string;
      readonly codeHash: string;
      readonly number: number;
      readonly reason: string;
      readonly retryAt: IsoTime;
    }
  /** The time of that deferral has come. Another firing of it is no event. */
  | {
      readonly type: 'ResumeChallenge';
      readonly endpointId: string;
      readonly codeHash: string;
      readonly number: number;
      readonly epoch: number;
    }
  | { readonly type: 'FailChallenge'; readonly endpointId: string; readonly codeHash: string; readonly reason: string }
  /** `triedAt`: when the try began that found it gone. Whoever verified it later knows better. */
  | {
      readonly type: 'DisableEndpoint';
      readonly endpointId: string;
      readonly reason: string;
      readonly triedAt: IsoTime;
    };

/** What is decided on the endpoint as it stands; none of it is ever refused: the hub asks it of itself. */
export function decideChallenge(
  command: ChallengeCommand & { readonly at: IsoTime },
  endpoint: Endpoint | undefined,
): UserEvent[] {
  if (!endpoint) return [];
  const { at } = command;
  if (command.type === 'DisableEndpoint') {
    const { endpointId, reason, triedAt } = command;
    const isProvenSince = endpoint.verifiedAt !== null && endpoint.verifiedAt > triedAt;
    return endpoint.verified && !isProvenSince
      ? [{ type: 'user.endpoint-disabled', data: { endpointId, reason, at } }]
      : [];
  }
  const { endpointId, codeHash } = command;
  const { challenge } = endpoint;
  if (endpoint.verified || challenge?.codeHash !== codeHash || challenge.sending.failure !== null) return [];
  const { deferrals, retryAt } = challenge.sending;
  switch (command.type) {
    case 'DeferChallenge': {
      if (retryAt !== null || command.number !== deferrals + 1) return [];
      const { number, reason, retryAt: next } = command;
      const data = { endpointId, codeHash, number, reason, retryAt: next, at };
      return [{ type: 'user.endpoint-challenge-deferred', data }];
    }
    case 'ResumeChallenge': {
      const { number, epoch } = command;
      if (retryAt === null || number !== deferrals) return [];
      return [{ type: 'user.endpoint-challenge-resumed', data: { endpointId, codeHash, number, epoch, at } }];
    }
    case 'FailChallenge':
      return [{ type: 'user.endpoint-challenge-failed', data: { endpointId, codeHash, reason: command.reason, at } }];
  }
}
