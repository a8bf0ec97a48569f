import { RingEvent } from '@hark/contracts';
import { Fold, IsoTime, uuid5 } from '@hark/kernel';
import { dayAt } from './quiet-hours';

/** How many pushes are remembered by name: those that are on their way. An older one that is tried again counts again. */
const rememberedMax = 200;

/** The pushes of one binding that rang, or were about to, on one day of its person. */
export interface Rings {
  readonly count: number;
  /** The latest ones. */
  readonly pushIds: readonly string[];
}

export const ringsFold: Fold<Rings, RingEvent> = {
  initial: { count: 0, pushIds: [] },

  evolve: ({ count, pushIds }, { data: { pushId } }) => ({
    count: count + 1,
    pushIds: [...pushIds, pushId].slice(-rememberedMax),
  }),
};

/** Whether that push may ring where at most `dailyCap` do. */
export const mayRing = ({ count, pushIds }: Rings, pushId: string | undefined, dailyCap: number): boolean =>
  count < dailyCap || (pushId !== undefined && pushIds.includes(pushId));

/** The stream that counts the binding's rings on the day that it is at `now` in the zone. */
export const ringsIdOf = (bindingId: string, zone: string | null, now: IsoTime): string =>
  uuid5(bindingId, `rings:${dayAt(zone, now)}`);
