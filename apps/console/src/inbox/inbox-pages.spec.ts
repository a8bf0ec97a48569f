import { type InboxItem, withHead, withMark } from './inbox-pages';

const item = (n: number): InboxItem => ({
  id: `item-${n}`,
  app: { id: 'app', name: 'App', verified: false },
  body: `text ${n}`,
  pushedAt: at(n),
  receivedAt: at(n),
  why: { reason: 'delivered' },
});
/** The higher, the newer; two come at the same time. */
const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n >> 1)).toISOString();
const page = (numbers: readonly number[], nextCursor: string | null) => ({
  items: numbers.map(item),
  nextCursor,
  unread: 0,
});
const ids = ({ pages }: ReturnType<typeof withHead>) =>
  pages.map(({ items }) => items.map(({ id }) => Number(id.slice(5))));
const long = { pages: [page([9, 8, 7], 'c6'), page([6, 5, 4], 'c3')], pageParams: [null, 'c6'] };

describe('a long inbox whose head was read anew', () => {
  it('has what came in front, and nothing twice or lost', () => {
    const list = withHead(long, page([11, 10, 9], 'c8'));
    expect(ids(list)).toEqual([
      [11, 10, 9, 8, 7],
      [6, 5, 4],
    ]);
    expect(list.pages.map(({ nextCursor }) => nextCursor)).toEqual(['c6', 'c3']);
  });

  it('no longer has what has gone from its head', () =>
    expect(ids(withHead(long, page([9, 7, 6], 'c5')))).toEqual([
      [9, 7, 6],
      [5, 4],
    ]));

  it('begins anew when so much came that it no longer meets what was read, or all of it fits on a page', () => {
    expect(ids(withHead(long, page([22, 21, 20], 'c19')))).toEqual([[22, 21, 20]]);
    expect(ids(withHead(long, page([9, 4], null)))).toEqual([[9, 4]]);
  });
});

describe('what is done to messages', () => {
  const only = new Set(['item-5']);
  const after = (...[mark, view]: [Parameters<typeof withMark>[2], Parameters<typeof withMark>[3]]) =>
    withMark(long, only, mark, view);

  it('shows wherever they are, and takes them out of the views that they leave', () => {
    expect(after('read', 'all').pages[1]!.items[1]!.readAt).toBeDefined();
    expect(ids(after('read', 'unread'))[1]).toEqual([6, 4]);
    expect(ids(after('archive', 'all'))[1]).toEqual([6, 4]);
    expect(ids(after('keep', 'all'))).toEqual(ids(long));
  });

  it('can be taken back', () => {
    const unread = withMark(after('read', 'all'), only, 'unread', 'all');
    expect(unread).toEqual(long);
    expect(withMark(after('keep', 'all'), only, 'unkeep', 'all')).toEqual(long);
  });
});
