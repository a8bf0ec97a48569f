import { RingEvent } from '@hark/contracts';
import { mayRing, Rings, ringsFold } from '@hark/gate';
import { Decider, IsoTime } from '@hark/kernel';

/** Makes no event for a push that was counted, nor over the cap: which of both, `mayRing` of the state after it tells. */
export interface CountRing {
  readonly type: 'Count';
  readonly pushId: string;
  readonly dailyCap: number;
  readonly at: IsoTime;
}

/** The count of one binding's rings on one day. It never passes the cap that was in force at each of them. */
export const ringsDecider: Decider<Rings, CountRing, RingEvent> = {
  ...ringsFold,

  decide: ({ pushId, dailyCap, at }, rings) =>
    rings.pushIds.includes(pushId) || !mayRing(rings, pushId, dailyCap)
      ? []
      : [{ type: 'ring.counted', data: { pushId, at } }],
};
