import { IdentityEvent } from '@hark/contracts';
import { Decider, IsoTime } from '@hark/kernel';

/** Whose log-in it is: the user that was linked last; null while nobody was. */
export interface Identity {
  readonly userId: string | null;
}

/** `instead`: the user who was linked when this was decided. If somebody else is by now, they stay: look at the state. */
export interface LinkIdentity {
  readonly type: 'Link';
  readonly userId: string;
  readonly instead: string | null;
  readonly at: IsoTime;
}

/** The rules of a log-in's identity: of several who would link it at once, one wins. */
export const identityDecider: Decider<Identity, LinkIdentity, IdentityEvent> = {
  initial: { userId: null },

  decide({ userId, instead, at }, identity) {
    if (identity.userId !== instead || identity.userId === userId) return [];
    return [{ type: 'identity.linked', data: { userId, at } }];
  },

  evolve(identity, event) {
    switch (event.type) {
      case 'identity.linked':
        return { userId: event.data.userId };
      default:
        event.type satisfies never;
        return identity;
    }
  },
};
