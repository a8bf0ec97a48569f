import { InboxItemEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

/** What the person did with a message (消息), and when; null for what they have not done. */
export interface InboxItem {
  readonly readAt: IsoTime | null;
  readonly acknowledgedAt: IsoTime | null;
  readonly archivedAt: IsoTime | null;
  readonly keptAt: IsoTime | null;
  /** The ids of the actions that were pressed, in that order. */
  readonly actionsTaken: readonly string[];
  /** It is gone from the inbox. */
  readonly isCleared: boolean;
}

export type InboxItemCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Read' | 'Unread' | 'Acknowledge' | 'Archive' | 'Unarchive' | 'Keep' | 'Unkeep' }
  /** It has become too old. What is kept stays, also when that was said at the same moment. */
  | { readonly type: 'Clear' }
  | { readonly type: 'TakeAction'; readonly actionId: string }
);

/** Whether its person has let the sender know: by saying so, or by pressing a button. Reading is not an answer. */
export const isAnswered = ({ acknowledgedAt, actionsTaken }: InboxItem): boolean =>
  acknowledgedAt !== null || actionsTaken.length > 0;

/**
 * The rules of one message. Doing it again changes nothing, so the first time stays. Who acknowledges or acts has read
 * it; an acknowledgement is for good.
 */
export const inboxItemDecider: Decider<InboxItem, InboxItemCommand, InboxItemEvent> = {
  initial: { readAt: null, acknowledgedAt: null, archivedAt: null, keptAt: null, actionsTaken: [], isCleared: false },

  decide(command, { readAt, acknowledgedAt, archivedAt, keptAt, actionsTaken, isCleared }) {
    const { at } = command;
    if (isCleared) {
      if (command.type === 'Clear') return [];
      throw new HarkError('not-found', 'inbox.unknown', 'the message has left the inbox');
    }
    const reads: InboxItemEvent[] = readAt === null ? [{ type: 'inbox_item.read', data: { at } }] : [];
    switch (command.type) {
      case 'Read':
        return reads;
      case 'Unread':
        return readAt === null ? [] : [{ type: 'inbox_item.unread', data: { at } }];
      case 'Acknowledge':
        return acknowledgedAt === null ? [...reads, { type: 'inbox_item.acknowledged', data: { at } }] : [];
      case 'Archive':
        return archivedAt === null ? [{ type: 'inbox_item.archived', data: { at } }] : [];
      case 'Unarchive':
        return archivedAt === null ? [] : [{ type: 'inbox_item.unarchived', data: { at } }];
      case 'Keep':
        return keptAt === null ? [{ type: 'inbox_item.kept', data: { at } }] : [];
      case 'Unkeep':
        return keptAt === null ? [] : [{ type: 'inbox_item.unkept', data: { at } }];
      case 'Clear':
        return keptAt === null ? [{ type: 'inbox_item.cleared', data: { at } }] : [];
      case 'TakeAction': {
        const { actionId } = command;
        if (actionsTaken.includes(actionId)) return [];
        return [...reads, { type: 'inbox_item.action-taken', data: { actionId, at } }];
      }
    }
  },

  evolve(item, event) {
    const { at } = event.data;
    switch (event.type) {
      case 'inbox_item.read':
        return { ...item, readAt: at };
      case 'inbox_item.unread':
        return { ...item, readAt: null };
      case 'inbox_item.acknowledged':
        return { ...item, acknowledgedAt: at };
      case 'inbox_item.archived':
        return { ...item, archivedAt: at };
      case 'inbox_item.unarchived':
        return { ...item, archivedAt: null };
      case 'inbox_item.kept':
        return { ...item, keptAt: at };
      case 'inbox_item.unkept':
        return { ...item, keptAt: null };
      case 'inbox_item.cleared':
        return { ...item, isCleared: true };
      case 'inbox_item.action-taken':
        return { ...item, actionsTaken: [...item.actionsTaken, event.data.actionId] };
      default:
        event satisfies never;
        return item;
    }
  },
};
