import { InboxItemMark } from '@hark/contracts';
import { InboxItem } from './inbox-item.decider';

/** The state of a message as its person sees it; what was not done is left out. */
export const markOf = (
  id: string,
  { readAt, acknowledgedAt, archivedAt, keptAt, actionsTaken }: InboxItem,
): InboxItemMark => ({
  id,
  ...(readAt !== null && { readAt }),
  ...(acknowledgedAt !== null && { acknowledgedAt }),
  ...(archivedAt !== null && { archivedAt }),
  ...(keptAt !== null && { keptAt }),
  ...(actionsTaken.length > 0 && { actionsTaken }),
});
