import { MessageEvent } from '@hark/contracts';
import { Fold } from '@hark/kernel';

/** A push as it was accepted, its texts sealed. */
export type Pushed = MessageEvent['data'];

/** A push as its own stream tells it; undefined when there is no such push. */
export const messageFold: Fold<Pushed | undefined, MessageEvent> = {
  initial: undefined,
  evolve: (pushed, event) => (event.type === 'message.pushed' ? event.data : pushed),
};
