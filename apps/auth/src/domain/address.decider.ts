import { AddressEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** Challenges one address gets within the window, all people together: nobody can have strangers' phones ring all day. */
export const challengesMax = 3;
/** The window, in milliseconds. */
export const challengeWindowMs = 24 * 3_600_000;

/** The challenges of the last 24 hours, oldest first. */
export type Address = readonly { readonly challengeId: string; readonly at: IsoTime }[];

/** `challengeId` derives from the command that asks: a repeat counts once. */
export interface ChallengeAddress {
  readonly type: 'Challenge';
  readonly challengeId: string;
  readonly at: IsoTime;
}

/** The rule of one address, whoever adds it. Its stream is written before the person's, so a crash between wastes one. */
export const addressDecider: Decider<Address, ChallengeAddress, AddressEvent> = {
  initial: [],

  decide({ challengeId, at }, address) {
    if (address.some((challenge) => challenge.challengeId === challengeId)) return [];
    if (recent(address, at).length >= challengesMax) {
      throw new HarkError('refused', 'endpoint.too-many-challenges', 'the address got as many codes as a day allows');
    }
    return [{ type: 'address.challenged', data: { challengeId, at } }];
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
