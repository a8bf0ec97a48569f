import { UserEvent } from '@hark/contracts';
import { Endpoint } from '@hark/gate';
import { IsoTime, plusMs } from '@hark/kernel';

/** One trouble of an endpoint is noted at most this often, in milliseconds. */
const troubleNotedMs = 24 * 3_600_000;

/** What happens to a challenge's code on its way, and to an endpoint that is found to be gone or in trouble. */
export type ChallengeCommand =
  /**
   * The provider did not take the code: try again at `retryAt`. `number` is the number of the deferral that this makes.
   */
  | {
      readonly type: 'DeferChallenge';
      readonly endpointId: string;
      readonly codeHash: string;
      readonly number: number;
      readonly reason: string;
      readonly retryAt: IsoTime;
    }
  /** Deferral `number` is due. A second firing of it makes no event. */
  | {
      readonly type: 'ResumeChallenge';
      readonly endpointId: string;
      readonly codeHash: string;
      readonly number: number;
      readonly epoch: number;
    }
  | { readonly type: 'FailChallenge'; readonly endpointId: string; readonly codeHash: string; readonly reason: string }
  /** `triedAt`: when the try began that found it gone. A later verification counts more. */
  | {
      readonly type: 'DisableEndpoint';
      readonly endpointId: string;
      readonly reason: string;
      readonly triedAt: IsoTime;
    }
  /** A message did not arrive. */
  | { readonly type: 'NoteTrouble'; readonly endpointId: string; readonly reason: string };

/** Decisions on the endpoint as it stands. Never refuses, because these are the hub's own commands. */
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
  if (command.type === 'NoteTrouble') {
    const { endpointId, reason } = command;
    const { trouble } = endpoint;
    const isNoted = trouble?.reason === reason && at < plusMs(trouble.at, troubleNotedMs);
    return isNoted ? [] : [{ type: 'user.endpoint-troubled', data: { endpointId, reason, at } }];
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
