import { MessageEvent, PushedEvent } from '@hark/contracts';
import { Fold, IsoTime } from '@hark/kernel';

/** A push as it was accepted, its texts sealed, and what became of its time since. */
export type Pushed = PushedEvent['data'] & {
  /** The time it waits for; null once it may go. */
  readonly waitsUntil: IsoTime | null;
  /** Its sender took it back. */
  readonly isRecalled: boolean;
};

/** A push as its own stream tells it; undefined when there is no such push. */
export const messageFold: Fold<Pushed | undefined, MessageEvent> = {
  initial: undefined,

  evolve(pushed, event) {
    if (event.type === 'message.pushed') {
      return { ...event.data, waitsUntil: event.data.sendAt ?? null, isRecalled: false };
    }
    if (!pushed) return undefined;
    switch (event.type) {
      case 'message.scheduled':
        return { ...pushed, waitsUntil: event.data.sendAt };
      case 'message.fired':
        return { ...pushed, waitsUntil: null };
      case 'message.recalled':
        return { ...pushed, isRecalled: true };
      case 'message.expired':
        return pushed; // `expiresAt` says so at every look
      default:
        event satisfies never;
        return pushed;
    }
  },
};
