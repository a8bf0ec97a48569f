import { z } from 'zod';
import { uuid } from './fields';
import { page } from './paging';

export const deliverySubjects = {
  listInbox: 'delivery.list-inbox',
  getInboxItem: 'delivery.get-inbox-item',
  read: 'delivery.read',
  unread: 'delivery.unread',
  readAll: 'delivery.read-all',
} as const;

export const listInboxRequest = z.strictObject({
  ...page,
  appId: uuid.optional(),
  unread: z.enum(['true', 'false']).optional(),
});
export const inboxItemIdRequest = z.strictObject({ inboxItemId: uuid });
export interface InboxItemView {
  readonly id: string;
  /** Absent for a notice of the hub itself, which no app pushed. */
  readonly pushId?: string;
  /** The hub itself has the nil uuid and the name Hark. */
  /** `verified`: the app has been proven to be who the name says. */
  readonly app: { readonly id: string; readonly name: string; readonly verified: boolean };
  /** Absent for a notice of the hub itself: it needs no consent. */
  readonly bindingId?: string;
  readonly title?: string;
  readonly body: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly thread?: string;
  /** When the app sent it; long before `receivedAt` when a person had to approve it first. */
  readonly pushedAt: string;
  /** When it came into the inbox. */
  readonly receivedAt: string;
  readonly readAt?: string;
  /** Why it came the way it came: the level then in force and the gate's reason. */
  readonly why: { readonly level?: string; readonly reason: string };
}
/** What became of one message by reading it, or by taking that back. */
export interface InboxItemMark {
  readonly id: string;
  readonly readAt?: string;
}
/** `unread` are left: more were unread than one call marks. Ask again until there are none. */
export interface ReadAllReply {
  readonly read: number;
  readonly unread: number;
}
export interface InboxPage {
  readonly items: readonly InboxItemView[];
  readonly nextCursor: string | null;
  readonly unread: number;
}
