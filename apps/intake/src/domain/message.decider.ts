import { MessageEvent } from '@hark/contracts';
import { Decider, HarkError } from '@hark/kernel';

export type MessageCommand = { readonly type: 'Push' } & Extract<MessageEvent, { type: 'message.pushed' }>['data'];

/** One message from an app to a person (推送). Its content is frozen when it is accepted. */
export type Message =
  | { readonly is: 'absent' }
  | ({ readonly is: 'pushed' } & Pick<MessageCommand, 'appId' | 'bindingId' | 'contentHash' | 'at'>);

export const messageDecider: Decider<Message, MessageCommand, MessageEvent> = {
  initial: { is: 'absent' },

  decide({ type: _, ...pushed }, message) {
    if (message.is === 'absent') return [{ type: 'message.pushed', data: pushed }];
    const same = message.contentHash === pushed.contentHash && message.bindingId === pushed.bindingId;
    if (!same) throw new HarkError('refused', 'idempotency.mismatch', 'the id belongs to a push with another content');
    return [];
  },

  evolve(_message, event) {
    const { appId, bindingId, contentHash, at } = event.data;
    return { is: 'pushed', appId, bindingId, contentHash, at };
  },
};
