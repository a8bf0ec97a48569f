import { UserEvent } from '@hark/contracts';
import { Endpoint } from '@hark/gate';
import { IsoTime, plusMs } from '@hark/kernel';

/** One trouble of an endpoint is noted at most this often, in milliseconds. */
const troubleNotedMs = 24 * 3_600_000;

/** For how long a proof is taken for one, in milliseconds (ADR 64). Domain names are let by the year. */
export const proofLifeMs = 365 * 24 * 3_600_000;
/** For how long a code of the hub's own asking may be entered: nobody waits for it. In milliseconds. */
export const reproofLifeMs = 7 * 24 * 3_600_000;
/** What proves an endpoint by the way is noted at most this often, in milliseconds. */
const proofNotedMs = 30 * 24 * 3_600_000;
/** The hub fills in the openid by which their person logs in: nobody else comes by it. */
const changesNoHands: ReadonlySet<string> = new Set(['wechat']);

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
  /**
   * `triedAt`: when the try began that found it gone, or when it was proven last. A later verification counts more.
   */
  | {
      readonly type: 'DisableEndpoint';
      readonly endpointId: string;
      readonly reason: string;
      readonly triedAt: IsoTime;
    }
  /** The hub asks for a new proof of what was switched off at `disabledAt`. `code` is sealed. */
  | {
      readonly type: 'ChallengeAgain';
      readonly endpointId: string;
      readonly disabledAt: IsoTime;
      readonly code: string;
      readonly codeHash: string;
    }
  /** Its server signed its answer to that code. */
  | { readonly type: 'TakeAnswer'; readonly endpointId: string; readonly codeHash: string }
  /** What its person did shows that they received what was sent through it at `sentAt`. */
  | {
      readonly type: 'NoteProof';
      readonly endpointId: string;
      readonly by: 'acknowledgement' | 'log-in';
      readonly sentAt: IsoTime;
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
    if (!endpoint.verified || isProvenSince) return [];
    if (reason === 'proof-due' && at < plusMs(triedAt, proofLifeMs)) return [];
    if (reason === 'proof-due' && changesNoHands.has(endpoint.kind))
      return [{ type: 'user.endpoint-verified', data: { endpointId, by: 'log-in', at } }];
    return [{ type: 'user.endpoint-disabled', data: { endpointId, reason, at } }];
  }
  if (command.type === 'ChallengeAgain') {
    const { endpointId, disabledAt, code, codeHash } = command;
    const isAsked = endpoint.disabled?.at !== disabledAt || endpoint.challenge !== null;
    const data = { endpointId, code, codeHash, expiresAt: plusMs(at, reproofLifeMs), at };
    return isAsked ? [] : [{ type: 'user.endpoint-challenged', data }];
  }
  if (command.type === 'NoteProof') {
    const { endpointId, by, sentAt } = command;
    const { verified, verifiedAt } = endpoint;
    const isNoted = verifiedAt === null || sentAt < verifiedAt || at < plusMs(verifiedAt, proofNotedMs);
    return verified && !isNoted ? [{ type: 'user.endpoint-verified', data: { endpointId, by, at } }] : [];
  }
  if (command.type === 'NoteTrouble') {
    const { endpointId, reason } = command;
    const { trouble } = endpoint;
    const isNoted = trouble?.reason === reason && at < plusMs(trouble.at, troubleNotedMs);
    return isNoted ? [] : [{ type: 'user.endpoint-troubled', data: { endpointId, reason, at } }];
  }
  const { endpointId, codeHash } = command;
  const { challenge } = endpoint;
  if (endpoint.verified || challenge?.codeHash !== codeHash) return [];
  if (command.type === 'TakeAnswer')
    return at < challenge.expiresAt ? [{ type: 'user.endpoint-verified', data: { endpointId, by: 'answer', at } }] : [];
  if (challenge.sending.failure !== null) return [];
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
