import { hub, type Schemas } from '../../api/hub';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { nameTabs } from '../../shared/tabs';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';

type Binding = Schemas['Binding'];
type Change = { level?: Binding['level']; muted?: boolean; mutedUntil?: string };
const levels = ['strong', 'weak', 'none'] as const;
const bindingsMax = 200;
const morningHour = 8;

/** 已授权的应用: how loud each may be, and an end to it. */
Page({
  data: {
    words: {},
    levels: [] as object[],
    apps: [] as object[],
    isRead: false,
    /** The binding whose end is being asked about. */
    ending: '',
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  async onShow() {
    const { t } = texts();
    nameTabs(t.places['/apps']);
    const { mute, forAnHour, untilTomorrow, untilLifted, unmute, unbind, unbindIt, block, unblock, none } = t.apps;
    this.setData({
      ending: '',
      said: '',
      words: {
        ...{ mute, forAnHour, untilTomorrow, untilLifted, unmute, unbind, unbindIt, block, unblock, none },
        loading: t.loading,
        cancel: t.cancel,
        level: t.consent.level,
      },
      levels: levels.map((value) => ({ value, name: t.levels[value] })),
    });
    await this.again();
  },

  async onPullDownRefresh() {
    await this.again();
    wx.stopPullDownRefresh();
  },

  async again() {
    await attempt(this, async () => {
      const { items } = await hub('get', '/v1/bindings', { query: { limit: bindingsMax } });
      this.setData({ apps: items.map(shownOf), isRead: true });
    });
  },

  async setLevel(event: WechatMiniprogram.RadioGroupChange) {
    await this.change(touched<{ id: string }>(event).id, { level: event.detail.value as Binding['level'] });
  },

  async mute(event: WechatMiniprogram.BaseEvent) {
    const { id, until } = touched<{ id: string; until: 'hour' | 'tomorrow' | 'lifted' }>(event);
    await this.change(id, { muted: true, ...(until !== 'lifted' && { mutedUntil: muteEnd(until).toISOString() }) });
  },

  async unmute(event: WechatMiniprogram.BaseEvent) {
    await this.change(touched<{ id: string }>(event).id, { muted: false });
  },

  askEnd(event: WechatMiniprogram.BaseEvent) {
    this.setData({ ending: touched<{ id: string }>(event).id });
  },

  keep() {
    this.setData({ ending: '' });
  },

  async end(event: WechatMiniprogram.BaseEvent) {
    const { id, block } = touched<{ id: string; block: boolean }>(event);
    const query = block ? { block: 'true' as const } : {};
    await this.done(() => hub('delete', '/v1/bindings/{bindingId}', { path: { bindingId: id }, query }));
  },

  async unblock(event: WechatMiniprogram.BaseEvent) {
    const { app } = touched<{ app: string }>(event);
    const done = await attempt(this, () => hub('delete', '/v1/blocks/{appId}', { path: { appId: app } }));
    // The consent that was ended stays ended: the app has to ask for another.
    if (done) this.setData({ said: texts().m.apps.unblocked });
  },

  change(bindingId: string, body: Change) {
    return this.done(() => hub('patch', '/v1/bindings/{bindingId}', { path: { bindingId }, body }));
  },

  async done(act: () => Promise<unknown>) {
    const done = await attempt(this, act);
    this.setData({ ending: '' });
    if (done) await this.again();
  },
});

function muteEnd(until: 'hour' | 'tomorrow'): Date {
  if (until === 'hour') return new Date(Date.now() + 3_600_000);
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(morningHour, 0, 0, 0);
  return morning;
}

function shownOf({ id, app, level, muted, mutedUntil, status, boundAt }: Binding): object {
  const { t } = texts();
  return {
    id,
    appId: app.id,
    name: app.name,
    verified: app.verified ? t.verified : '',
    since: `${t.apps.since} ${whenText(boundAt)}`,
    level,
    levelWords: t.levelWords[level],
    muted,
    mutedWords: !muted ? '' : mutedUntil === undefined ? t.apps.muted : `${t.apps.mutedUntil} ${whenText(mutedUntil)}`,
    isActive: status === 'active',
    isBlocked: status === 'blocked',
    status: status === 'active' ? '' : t.apps.statuses[status],
    endWords: t.apps.unbindWhat(app.name),
  };
}
