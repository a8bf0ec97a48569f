import { answered, api } from '../api/client';

/** What a person may do with a message in the list. */
export type Mark = 'read' | 'unread' | 'archive' | 'unarchive' | 'keep' | 'unkeep';

/** What takes a mark back. */
export const undoing: Readonly<Record<Mark, Mark>> = {
  read: 'unread',
  unread: 'read',
  archive: 'unarchive',
  unarchive: 'archive',
  keep: 'unkeep',
  unkeep: 'keep',
};

/** Marks a message; throws the problem document. */
export const markItem = (inboxItemId: string, mark: Mark): Promise<unknown> =>
  answered(api.POST(`/v1/inbox/{inboxItemId}/${mark}`, { params: { path: { inboxItemId } } }));
