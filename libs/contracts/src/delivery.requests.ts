import { z } from 'zod';
import { uuid } from './fields';
import { page } from './auth.requests';

export const deliverySubjects = { listInbox: 'delivery.list-inbox', getInboxItem: 'delivery.get-inbox-item' } as const;

export const listInboxRequest = z.strictObject({ ...page, appId: uuid.optional() });
export const inboxItemIdRequest = z.strictObject({ inboxItemId: uuid });
export interface InboxItemView {
  readonly id: string;
  readonly pushId: string;
  readonly app: { readonly id: string; readonly name: string };
  readonly bindingId: string;
  readonly title?: string;
  readonly body: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly thread?: string;
  readonly receivedAt: string;
  /** Why it came the way it came: the level then in force and the gate's reason. */
  readonly why: { readonly level?: string; readonly reason: string };
}
export interface InboxPage {
  readonly items: readonly InboxItemView[];
  readonly nextCursor: string | null;
  readonly unread: number;
}
