import { hub, type Schemas } from '../../api/hub';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { nameTabs } from '../../shared/tabs';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';

/** As many as fit a few screens: what a page carries to the screen stays small. */
const pageSize = 30;
const lineMax = 120;

const views = ['all', 'unread', 'kept', 'archived'] as const;
type View = (typeof views)[number];

interface Row {
  readonly id: string;
  readonly app: string;
  readonly title: string;
  readonly line: string;
  readonly when: string;
  readonly unread: boolean;
  readonly thread: string;
  readonly step: string;
  readonly dots: readonly boolean[];
}

let cursor: string | null = null;

/** 收件箱: one row for each thread, the newest first; the next page comes at the end of the list. */
Page({
  data: {
    words: {},
    views: [] as object[],
    view: 'all',
    rows: [] as Row[],
    isRead: false,
    isMore: false,
    busy: false,
    failure: null as Failure | null,
    readAll: '',
  },

  async onShow() {
    const { t, m } = texts();
    nameTabs(t.inbox.title);
    this.setData({
      words: {
        loading: t.loading,
        more: t.more,
        empty: m.inbox.empty,
        noneLeft: t.inbox.noneLeft,
        unread: t.inbox.unread,
      },
      views: views.map((value) => ({ value, name: t.inbox.views[value] })),
    });
    await this.again();
  },

  async onPullDownRefresh() {
    await this.again();
    wx.stopPullDownRefresh();
  },

  async onReachBottom() {
    if (cursor !== null) await this.read();
  },

  /** From the newest on. */
  async again() {
    cursor = null;
    await this.read();
  },

  async read() {
    await attempt(this, async () => {
      const view = this.data.view as View;
      const before = cursor;
      const page = await hub('get', '/v1/inbox', {
        query: {
          limit: pageSize,
          folded: 'true',
          ...(before !== null && { cursor: before }),
          ...(view === 'unread' && { unread: 'true' as const }),
          ...(view === 'kept' && { kept: 'true' as const }),
          ...(view === 'archived' && { archived: 'true' as const }),
        },
      });
      cursor = page.nextCursor;
      const rows = page.items.map(rowOf);
      const at = this.data.rows.length;
      // The next page is added: what is on the screen is not carried there again.
      const added = before === null ? { rows } : Object.fromEntries(rows.map((row, n) => [`rows[${at + n}]`, row]));
      const { readAll } = texts().t.inbox;
      this.setData({
        ...added,
        isRead: true,
        isMore: cursor !== null,
        readAll: page.unread > 0 ? readAll(page.unread) : '',
      });
      await badge(page.unread);
    });
  },

  async choose(event: WechatMiniprogram.BaseEvent) {
    this.setData({ view: touched<{ view: View }>(event).view, isRead: false, rows: [] });
    await this.again();
  },

  async markAllRead() {
    const done = await attempt(this, () => hub('post', '/v1/inbox/read-all', {}));
    if (done) await this.again();
  },

  open(event: WechatMiniprogram.BaseEvent) {
    wx.navigateTo({ url: `/pages/item/item?id=${touched<{ id: string }>(event).id}` });
  },
});

function rowOf({ id, app, title, summary, body, receivedAt, readAt, threadState }: Schemas['InboxItem']): Row {
  const { inbox } = texts().t;
  const { messages = 1, unread, step } = threadState ?? {};
  return {
    id,
    app: app.name,
    title: title ?? '',
    line: (summary ?? body).slice(0, lineMax),
    when: whenText(receivedAt),
    unread: unread === undefined ? readAt === undefined : unread > 0,
    thread: messages > 1 ? inbox.thread(messages) : '',
    step: step ? inbox.step(step.index, step.of, step.label ?? '') : '',
    dots: step ? Array.from({ length: step.of }, (_, at) => at < step.index) : [],
  };
}

/** On the tab; WeChat shows four characters. */
const badge = (unread: number): unknown =>
  unread > 0
    ? wx.setTabBarBadge({ index: 0, text: unread > 99 ? '99+' : String(unread) })
    : wx.removeTabBarBadge({ index: 0 });
