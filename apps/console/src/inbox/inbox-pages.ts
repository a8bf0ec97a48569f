import { type InfiniteData, replaceEqualDeep } from '@tanstack/react-query';
import type { Schemas } from '../api/client';

export type InboxItem = Schemas['InboxItem'];
export type InboxPage = Schemas['InboxPage'];
/** What has been read of a list. */
export type Pages = InfiniteData<InboxPage, string | null>;

export const views = ['all', 'unread', 'kept', 'archived'] as const;
export type View = (typeof views)[number];

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

/** The list with a fresh first page: messages that have not changed are the same ones. What the head no longer holds though it should has gone. */
export function withHead({ pages, pageParams }: Pages, read: InboxPage): Pages {
  const [first, ...others] = pages;
  const known = pages.flatMap(({ items }) => items);
  const fresh = new Set(read.items.map(({ id }) => id));
  const before = new Map(known.flatMap((item) => (fresh.has(item.id) ? [[item.id, item] as const] : [])));
  const head = { ...read, items: read.items.map((item) => replaceEqualDeep(before.get(item.id), item)) };
  // By their order, not by their time: many come in the same millisecond.
  const lastShared = known.findLastIndex(({ id }) => fresh.has(id));
  // All of it fits on the page, nothing further was read, or so much came that the pages no longer meet: the list begins anew.
  if (head.nextCursor === null || others.length === 0 || lastShared < 0) return { pages: [head], pageParams: [null] };
  const rest = new Set(known.slice(lastShared + 1));
  const stays = (item: InboxItem) => rest.has(item);
  return {
    pages: [
      { ...head, items: [...head.items, ...first!.items.filter(stays)], nextCursor: first!.nextCursor },
      ...others.map((page) => ({ ...page, items: page.items.filter(stays) })),
    ],
    pageParams,
  };
}

const leaves: Readonly<Record<Mark, readonly View[]>> = {
  read: ['unread'],
  unread: [],
  archive: ['all', 'unread', 'kept'],
  unarchive: ['archived'],
  keep: [],
  unkeep: ['kept'],
};

/** The list after something was done to these messages; what no longer belongs into the view has gone. */
export const withMark = (list: Pages, ids: ReadonlySet<string>, mark: Mark, view: View): Pages => ({
  ...list,
  pages: list.pages.map((page) => marked(page, ids, mark, view)),
});

function marked(page: InboxPage, ids: ReadonlySet<string>, mark: Mark, view: View): InboxPage {
  if (!page.items.some(({ id }) => ids.has(id))) return page;
  const items = leaves[mark].includes(view)
    ? page.items.filter(({ id }) => !ids.has(id))
    : page.items.map((item) => (ids.has(item.id) ? itemWith(item, mark) : item));
  return { ...page, items };
}

/** A row of a thread stands for all of its messages. */
function itemWith(item: InboxItem, mark: Mark): InboxItem {
  const now = new Date().toISOString();
  const { readAt, keptAt, threadState } = item;
  const thread = (unread: number) => threadState && { threadState: { ...threadState, unread } };
  if (mark === 'read') return { ...item, readAt: readAt ?? now, ...thread(0) };
  if (mark === 'unread') return { ...without(item, 'readAt'), ...thread(threadState?.messages ?? 1) };
  if (mark === 'keep') return { ...item, keptAt: keptAt ?? now };
  if (mark === 'unkeep') return without(item, 'keptAt');
  return item;
}

function without(item: InboxItem, field: 'readAt' | 'keptAt'): InboxItem {
  const rest = { ...item };
  delete rest[field];
  return rest;
}
