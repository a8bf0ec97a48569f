import { infiniteQueryOptions, type Query, queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { queries } from '../api/queries';
import { sessionStore } from '../api/session';
import { type InboxPage, type Mark, type Pages, type View, withHead, withMark } from './inbox-pages';

/** What of the inbox is shown. */
export interface Filter {
  readonly view: View;
  readonly q: string;
  /** Empty: of every app. */
  readonly appId: string;
}

/** The inbox as one comes to it. */
export const everything: Filter = { view: 'all', q: '', appId: '' };
/** What the page began with is not read anew by the screen that comes within this time. */
const freshMs = 2_000;
let freshUntilMs = 0;
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

/** A list, page by page. */
export const listQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: [listName, filter],
    queryFn: ({ pageParam }) => readInboxPage(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Its head is read anew, never all of it: `refreshLists`.
    staleTime: Infinity,
    // Each page that came would be compared with all that were there: `withHead` keeps what has not changed.
    structuralSharing: false,
  });

/** The person's consents, by which one chooses an app. */
export const bindingsQuery = queryOptions({
  queryKey: ['bindings'],
  queryFn: () => answered(api.GET('/v1/bindings', { params: { query: { limit: 200 } } })),
});

/** How messages are shown, of which a newcomer has none: loaded when there are some. */
export const loadItems = () => import('./inbox-items');

/** Reads what the inbox shows, where the page was opened there, so that it is drawn once and whole. Never fails. */
export async function readInbox(): Promise<void> {
  if (sessionStore.get().is !== 'open' || location.pathname !== '/') return;
  await Promise.all([queries.prefetchInfiniteQuery(listQuery(everything)), queries.prefetchQuery(bindingsQuery)]);
  const pages = queries.getQueryData<Pages>(listQuery(everything).queryKey)?.pages;
  if (pages) freshUntilMs = Date.now() + freshMs;
  if (pages?.some(({ items }) => items.length > 0)) await loadItems().catch(() => undefined);
}

/** As `refreshLists`, for a screen that has just come. */
export const refreshWhenCome = (): Promise<void> => (Date.now() < freshUntilMs ? Promise.resolve() : refreshLists());

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
