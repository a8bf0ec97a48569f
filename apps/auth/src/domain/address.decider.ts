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

/** The times of the challenges in the last 24 hours, oldest first. */
export type Address = readonly { readonly challengeId: string; readonly at: IsoTime }[];

/** `challengeId` derives from the command, so a repeat counts once. */
export interface ChallengeAddress {
  readonly type: 'Challenge';
  readonly challengeId: string;
  readonly limit: ChallengeLimit;
  readonly at: IsoTime;
}

/** The rules of one counter. Its stream is written before the person's, so a crash in between wastes one challenge. */
export const addressDecider: Decider<Address, ChallengeAddress, AddressEvent> = {
  initial: [],

  decide({ challengeId, limit, at }, address) {
    if (address.some((challenge) => challenge.challengeId === challengeId)) return [];
    const { max, code } = challengeLimits[limit];
    const counted = recent(address, at);
    const blocking = counted.at(-max);
    if (!blocking) return [{ type: 'address.challenged', data: { challengeId, at } }];
    const retryAfter = Math.ceil((Date.parse(blocking.at) + challengeWindowMs - Date.parse(at)) / 1_000);
    throw new HarkError('refused', code, 'as many codes were sent as a day allows', { extra: { max, retryAfter } });
  },

  evolve(address, event) {
    switch (event.type) {
      case 'address.challenged':
        return [...recent(address, event.data.at), event.data];
      default:
        event.type satisfies never;
        return address;
    }
  },
};

const recent = (address: Address, at: IsoTime): Address => {
  const since = plusMs(at, -challengeWindowMs);
  return address.filter((challenge) => challenge.at > since);
};
