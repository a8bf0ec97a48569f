import type { Query } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { queries } from '../api/queries';
import { type InboxPage, type Mark, type Pages, type View, withHead, withMark } from './inbox-pages';

/** What of the inbox is shown. */
export interface Filter {
  readonly view: View;
  readonly q: string;
  /** Empty: of every app. */
  readonly appId: string;
}

/** A page of the list: the first is small because somebody waits for it. */
const firstItems = 50;
const itemsPerPage = 200;
const queryOf: Readonly<Record<View, Readonly<Record<string, 'true'>>>> = {
  all: {},
  unread: { unread: 'true' },
  kept: { kept: 'true' },
  archived: { archived: 'true' },
};

/** Beside `inbox`, which is read anew after every write: thousands of rows are not. */
export const listName = 'inbox-list';

/** Threads are folded into one row where one looks at everything. */
export function readInboxPage({ view, q, appId }: Filter, cursor: string | null): Promise<InboxPage> {
  return answered(
    api.GET('/v1/inbox', {
      params: {
        query: {
          limit: cursor === null ? firstItems : itemsPerPage,
          ...queryOf[view],
          ...(cursor !== null && { cursor }),
          ...(appId !== '' && { appId }),
          ...(q === '' ? view === 'all' && { folded: 'true' as const } : { q }),
        },
      },
    }),
  );
}

/**
 * Reads the head of every list that is shown and puts it in front of what has been read. Rows further down stay: they
 * change by what is done in this tab (`markInList`), and are read anew with the list.
 */
export async function refreshLists(): Promise<void> {
  // Of a list that is being read for the first time the head is under way.
  const predicate = ({ state }: Query) => state.data !== undefined;
  const shown = queries.getQueryCache().findAll({ queryKey: [listName], type: 'active', predicate });
  await Promise.all(
    shown.map(async ({ queryKey }) => {
      const head = await readInboxPage(queryKey[1] as Filter, null);
      queries.setQueryData<Pages>(queryKey, (pages) => pages && withHead(pages, head));
    }),
  );
}

/** Shows what was done to messages at once, wherever they are in a list. */
export function markInList(ids: ReadonlySet<string>, mark: Mark): void {
  for (const { queryKey } of queries.getQueryCache().findAll({ queryKey: [listName] })) {
    const { view } = queryKey[1] as Filter;
    queries.setQueryData<Pages>(queryKey, (list) => list && withMark(list, ids, mark, view));
  }
}
