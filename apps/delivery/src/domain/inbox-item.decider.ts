import { InboxItemEvent } from '@hark/contracts';
import { Decider, IsoTime } from '@hark/kernel';

/** What the person did with a message (消息): when they read it, null while unread. */
export interface InboxItem {
  readonly readAt: IsoTime | null;
}

export interface MarkInboxItem {
  readonly type: 'Read' | 'Unread';
  readonly at: IsoTime;
}

/** The rules of one message. Reading it again changes nothing, so the first time stays. */
export const inboxItemDecider: Decider<InboxItem, MarkInboxItem, InboxItemEvent> = {
  initial: { readAt: null },

  decide({ type, at }, { readAt }) {
    if ((type === 'Read') === (readAt !== null)) return [];
    return [{ type: type === 'Read' ? 'inbox_item.read' : 'inbox_item.unread', data: { at } }];
  },

  evolve(item, event) {
    switch (event.type) {
      case 'inbox_item.read':
        return { readAt: event.data.at };
      case 'inbox_item.unread':
        return { readAt: null };
      default:
        event satisfies never;
        return item;
    }
  },
};
