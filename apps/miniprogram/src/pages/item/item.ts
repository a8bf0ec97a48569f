import { hub, newAct, type Schemas } from '../../api/hub';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { richTextOf } from '../../shared/rich-text';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';
import type { RichText } from '../../workers/rich-nodes';

import { isPictureAddress } from '#console-inbox/picture-address';

type Item = Schemas['InboxItem'];
/** So many of a thread's messages are listed below each of them. */
const threadMax = 50;
const reasons = ['spam', 'fraud', 'abuse', 'illegal', 'other'] as const;

/** One message: what it says, what can be done with it, why it came; mute its app, or complain. */
Page({
  data: {
    id: '',
    act: '',
    bindingId: '',
    /** Since this page was opened, by the button here. */
    isMuted: false,
    words: {},
    item: null as object | null,
    /** What was formatted; null: the text is shown as it was written. */
    rich: null as RichText | null,
    /** The pictures lie with the sender, who learns of it: they come when asked for. */
    showsPictures: false,
    /** The other messages of the thread. */
    others: [] as object[],
    reasons: [] as string[],
    reason: -1,
    note: '',
    complains: false,
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  async onLoad({ id = '' }: { id?: string }) {
    const { t, m } = texts();
    wx.setNavigationBarTitle({ title: t.item.title });
    this.setData({
      id,
      act: newAct(),
      words: {
        loading: t.loading,
        acknowledge: t.item.acknowledge,
        markUnread: t.item.unread,
        why: t.why.title,
        mute: t.item.mute,
        unmute: t.apps.unmute,
        complain: t.complain.open,
        reason: t.complain.reason,
        note: t.complain.note,
        what: t.complain.what,
        send: t.complain.send,
        copy: m.item.copyLink,
        picture: t.item.picture,
        showPictures: t.item.showPictures,
        picturesWhat: t.item.picturesWhat,
        others: t.item.earlier,
      },
      reasons: reasons.map((one) => t.complain.reasons[one]),
    });
    await this.again();
  },

  async again() {
    await attempt(this, async () => {
      const item = await hub('get', '/v1/inbox/{inboxItemId}', { path: this.path() });
      await this.show(item);
      if (item.readAt === undefined) await hub('post', '/v1/inbox/{inboxItemId}/read', { path: this.path() });
    });
  },

  acknowledge() {
    return this.change(() => hub('post', '/v1/inbox/{inboxItemId}/acknowledge', { path: this.path() }));
  },

  keep(event: WechatMiniprogram.BaseEvent) {
    const { kept } = touched<{ kept: boolean }>(event);
    return this.change(() =>
      kept
        ? hub('post', '/v1/inbox/{inboxItemId}/unkeep', { path: this.path() })
        : hub('post', '/v1/inbox/{inboxItemId}/keep', { path: this.path() }),
    );
  },

  archive(event: WechatMiniprogram.BaseEvent) {
    const { archived } = touched<{ archived: boolean }>(event);
    return this.change(() =>
      archived
        ? hub('post', '/v1/inbox/{inboxItemId}/unarchive', { path: this.path() })
        : hub('post', '/v1/inbox/{inboxItemId}/archive', { path: this.path() }),
    );
  },

  async markUnread() {
    const done = await attempt(this, () => hub('post', '/v1/inbox/{inboxItemId}/unread', { path: this.path() }));
    if (done) wx.navigateBack();
  },

  press(event: WechatMiniprogram.BaseEvent) {
    const { action, url } = touched<{ action: string; url: string }>(event);
    // A mini program opens no foreign pages: the address is copied, to be opened elsewhere.
    if (url) wx.setClipboardData({ data: url });
    const path = { ...this.path(), actionId: action };
    return this.change(() => hub('post', '/v1/inbox/{inboxItemId}/actions/{actionId}', { path }));
  },

  copy(event: WechatMiniprogram.BaseEvent) {
    wx.setClipboardData({ data: touched<{ url: string }>(event).url });
  },

  /** Until the page is left. */
  async showPictures() {
    this.setData({ showsPictures: true });
    await this.again();
  },

  open(event: WechatMiniprogram.BaseEvent) {
    wx.redirectTo({ url: `/pages/item/item?id=${touched<{ id: string }>(event).id}` });
  },

  async mute() {
    const path = { bindingId: this.data.bindingId };
    const muted = !this.data.isMuted;
    const done = await attempt(this, () => hub('patch', '/v1/bindings/{bindingId}', { path, body: { muted } }));
    if (done) this.setData({ isMuted: muted, said: muted ? texts().t.apps.muted : '' });
  },

  openComplaint() {
    this.setData({ complains: true });
  },

  chooseReason({ detail: { value } }: WechatMiniprogram.PickerChange) {
    this.setData({ reason: Number(value) });
  },

  writeNote({ detail: { value } }: WechatMiniprogram.Input) {
    this.setData({ note: value });
  },

  async complain() {
    const { id, reason: at, note, act } = this.data;
    const reason = reasons[at];
    if (reason === undefined) return;
    const body = { inboxItemId: id, reason, ...(note.trim() !== '' && { note: note.trim() }) };
    const done = await attempt(this, () => hub('post', '/v1/complaints', { body, once: act }));
    if (done) this.setData({ complains: false, said: texts().t.complain.sent });
  },

  async change(act: () => Promise<unknown>) {
    const done = await attempt(this, act);
    if (done) await this.again();
  },

  path(): { inboxItemId: string } {
    return { inboxItemId: this.data.id };
  },

  async show(item: Item) {
    const { t } = texts();
    const { id, app, title, body, url, receivedAt, actions, actionsTaken, acknowledgedAt, archivedAt, keptAt } = item;
    const { bindingId, pushId, markdown, image = '' } = item;
    const { showsPictures } = this.data;
    const rich = (markdown !== undefined && (await richTextOf(markdown, showsPictures))) || null;
    this.setData({
      bindingId: bindingId ?? '',
      rich,
      others: await othersOf(item),
      item: {
        id,
        app: app.name,
        verified: app.verified ? t.verified : '',
        title: title ?? '',
        text: markdown ?? body,
        image,
        isPicture: isPictureAddress(image),
        canShow: !showsPictures && (isPictureAddress(image) || rich?.hasPictures === true),
        url: url ?? '',
        when: whenText(receivedAt),
        actions: (actions ?? []).map(({ id: action, label, url: to }) => ({
          id: action,
          label: actionsTaken?.includes(action) ? t.item.taken(label) : label,
          url: to ?? '',
        })),
        acknowledged: acknowledgedAt === undefined ? '' : `${t.item.acknowledged} ${whenText(acknowledgedAt)}`,
        archived: archivedAt !== undefined,
        archive: archivedAt === undefined ? t.item.archive : t.item.unarchive,
        kept: keptAt !== undefined,
        keep: keptAt === undefined ? t.item.keep : t.item.unkeep,
        why: whyOf(item),
        isApps: bindingId !== undefined,
        isPush: pushId !== undefined,
      },
    });
  },
});

/** The other messages of its thread, the newest first. */
async function othersOf({ id, thread, app }: Item): Promise<object[]> {
  if (thread === undefined) return [];
  const { items } = await hub('get', '/v1/inbox', { query: { thread, appId: app.id, limit: threadMax } });
  return items
    .filter((other) => other.id !== id)
    .map((other) => ({
      id: other.id,
      line: other.title ?? other.summary ?? other.body,
      when: whenText(other.receivedAt),
    }));
}

/** In plain words: the consent, the level then in force, what the gate decided, until when nothing rang, and what each channel did. */
function whyOf({ app, bindingId, why: { level, reason, until, channels = [] } }: Item): string[] {
  const { why, levels, channels: named } = texts().t;
  if (bindingId === undefined) return [why.notice];
  const kinds = named.kinds as Readonly<Record<string, string | undefined>>;
  return [
    why.consent(app.name),
    ...(level === undefined ? [] : [why.level(levels[level])]),
    (why.reasons as Readonly<Record<string, string | undefined>>)[reason] ?? why.other(reason),
    ...(until === undefined ? [] : [`${why.until} ${whenText(until)}`]),
    ...channels.map(({ channel, outcome }) => why.channel[outcome](kinds[channel] ?? channel)),
  ];
}
