import { AddressEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** The window of every limit, in milliseconds. */
export const challengeWindowMs = 24 * 3_600_000;

/**
 * The most challenges within the window, by what is counted. A mailbox gets three from all strangers together, so that
 * nobody can make somebody else's phone ring all day; a person who proved it before has three of their own, so that
 * strangers cannot keep them out; and one stranger takes two at most, so that one is left for the real owner. An
 * account may ask for every endpoint it may have and half as many again, and for few at one domain. A domain gets what
 * a company needs that joins in one day.
 */
export const challengeLimits = {
  mailbox: { max: 3, code: 'endpoint.too-many-challenges' },
  accountAtMailbox: { max: 2, code: 'endpoint.codes-spent' },
  holder: { max: 3, code: 'endpoint.too-many-challenges' },
  account: { max: 30, code: 'endpoint.account-too-many-challenges' },
  accountAtDomain: { max: 5, code: 'endpoint.account-too-many-challenges' },
  /** Log-in codes, by the address they are asked from (IPv6: its /64), where a whole office may sit. */
  sourceAtMailbox: { max: 2, code: 'session.too-many-codes' },
  source: { max: 200, code: 'session.too-many-codes' },
  domain: { max: 100, code: 'endpoint.domain-too-many-challenges' },
} as const;
export type ChallengeLimit = keyof typeof challengeLimits;

/** How long a place is remembered as one from which a mailbox was proven, in milliseconds. */
export const provenMs = 90 * 24 * 3_600_000;
/** It is noted anew after this time, so that whoever logs in often does not fill the stream. */
const noteAgainMs = 7 * 24 * 3_600_000;

/** A challenge that was counted. */
interface Counted {
  readonly challengeId: string;
  readonly at: IsoTime;
}

/** One counter. */
export interface Address {
  /** Those of the last 24 hours, oldest first. */
  readonly challenges: readonly Counted[];
  /** When somebody last proved the mailbox from the place that is counted. */
  readonly provenAt: IsoTime | null;
}

/** `challengeId` derives from the command, so a repeat counts once. */
export interface ChallengeAddress {
  readonly type: 'Challenge';
  readonly challengeId: string;
  readonly limit: ChallengeLimit;
  readonly at: IsoTime;
}

/** Somebody proved, from the place that is counted, that the mailbox is theirs. */
export interface ProveAddress {
  readonly type: 'Prove';
  readonly at: IsoTime;
}

export type AddressCommand = ChallengeAddress | ProveAddress;

/** Whether the mailbox was proven from there lately: strangers elsewhere cannot use up what such a place may ask for. */
export const isProven = ({ provenAt }: Address, at: IsoTime): boolean =>
  provenAt !== null && at < plusMs(provenAt, provenMs);

/** The rules of one counter. Its stream is written before the person's, so a crash in between wastes one challenge. */
export const addressDecider: Decider<Address, AddressCommand, AddressEvent> = {
  initial: { challenges: [], provenAt: null },

  decide(command, address) {
    const { at } = command;
    if (command.type === 'Prove') {
      const isNoted = address.provenAt !== null && at < plusMs(address.provenAt, noteAgainMs);
      return isNoted ? [] : [{ type: 'address.proven', data: { at } }];
    }
    const { challengeId, limit } = command;
    if (address.challenges.some((challenge) => challenge.challengeId === challengeId)) return [];
    const { max, code } = challengeLimits[limit];
    const counted = recent(address.challenges, at);
    const blocking = counted.at(-max);
    if (!blocking) return [{ type: 'address.challenged', data: { challengeId, at } }];
    const retryAfter = Math.ceil((Date.parse(blocking.at) + challengeWindowMs - Date.parse(at)) / 1_000);
    throw new HarkError('refused', code, 'as many codes were sent as a day allows', { extra: { max, retryAfter } });
  },

  evolve(address, event) {
    switch (event.type) {
      case 'address.challenged':
        return { ...address, challenges: [...recent(address.challenges, event.data.at), event.data] };
      case 'address.proven':
        return { ...address, provenAt: event.data.at };
      default:
        event satisfies never;
        return address;
    }
  },
};

const recent = (challenges: readonly Counted[], at: IsoTime): readonly Counted[] => {
  const since = plusMs(at, -challengeWindowMs);
  return challenges.filter((challenge) => challenge.at > since);
};
