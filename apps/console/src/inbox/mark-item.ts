import { answered, api } from '../api/client';
import { markInList } from './inbox-list';
import type { InboxItem, Mark } from './inbox-pages';

/** As many as the hub marks by one call. */
const marksMax = 200;

/** Marks a message, in the lists that were read too; throws the problem document. */
export async function markItem(inboxItemId: string, mark: Mark): Promise<void> {
  await answered(api.POST(`/v1/inbox/{inboxItemId}/${mark}`, { params: { path: { inboxItemId } } }));
  markInList(new Set([inboxItemId]), mark);
}

/** As `markItem`, many; throws the problem document of the first call that failed. */
export async function markItems(ids: readonly string[], mark: Mark): Promise<void> {
  for (let at = 0; at < ids.length; at += marksMax) {
    await answered(api.POST('/v1/inbox/batch', { body: { mark, ids: ids.slice(at, at + marksMax) } }));
  }
  markInList(new Set(ids), mark);
}

/** The messages that these rows of the list stand for: of a folded thread all that are on the same side, archived or not. */
export async function messagesOf(rows: readonly InboxItem[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, app, thread, threadState, archivedAt } of rows) {
    ids.push(id);
    if (thread === undefined || threadState === undefined || threadState.messages < 2) continue;
    const query = {
      thread,
      appId: app.id,
      limit: marksMax,
      ...(archivedAt !== undefined && { archived: 'true' as const }),
    };
    const { items } = await answered(api.GET('/v1/inbox', { params: { query } }));
    ids.push(...items.map((item) => item.id).filter((one) => one !== id));
  }
  return ids;
}
