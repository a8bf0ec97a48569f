import { hub, type Schemas } from '../../api/hub';
import { sendWechatProfile } from '../../api/wechat-profile';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { nameTabs } from '../../shared/tabs';
import { whenText } from '../../shared/when-text';
import { chooseLanguage, chosenLanguage, type Language } from '../../texts/language';
import { texts } from '../../texts/texts';

type Hours = NonNullable<Schemas['Me']['quietHours']>[number];
const languages: readonly Language[] = ['zh-CN', 'en'];
const modes = ['defer', 'inbox'] as const;
/** How often messages ring together; null: each by itself. */
const digests = [null, 'hour', 'day'] as const;
/** Every zone has a place in the console; here are those where most people are. */
const zones = [
  ...['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo', 'Australia/Sydney'],
  ...['Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Chicago', 'America/Los_Angeles', 'UTC'],
];
const usual: Hours = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00', mode: 'defer' };
/** When a day's messages ring together, for whom has not said: the hub's. */
const usualDigestTime = '09:00';
/** As many as the hub keeps. */
const hoursMax = 14;
const sessionsMax = 200;

/** What one is called, language and zone, quiet hours, how often messages ring, where one is logged in. */
Page({
  data: {
    words: {},
    name: '',
    zone: '',
    zones,
    hours: [] as Hours[],
    /** Of each of them, by day, whether it is one of its days: WXML cannot look it up. */
    chosen: [] as boolean[][],
    modes: [] as string[],
    days: [] as object[],
    digests: [] as string[],
    /** Which of them, and at what time of the day. */
    digest: 0,
    isDaily: false,
    digestAt: usualDigestTime,
    languages: ['简体中文', 'English'],
    language: 0,
    sessions: [] as object[],
    isRead: false,
    isFull: false,
    /** Older WeChat still gives a profile, encrypted. */
    hasProfile: typeof wx.getUserProfile === 'function',
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  async onShow() {
    this.name();
    await this.again();
  },

  name() {
    const { t, m } = texts();
    nameTabs(t.places['/settings']);
    const { quiet, settings, sessions, digest } = t;
    this.setData({
      said: '',
      words: {
        ...{ loading: t.loading, save: t.save, me: settings.me, name: settings.name, language: settings.language },
        ...{ zone: settings.timeZone, quiet: quiet.title, quietWhat: quiet.what, from: quiet.from, to: quiet.to },
        ...{ mode: quiet.mode, add: quiet.add, remove: quiet.remove, sessions: sessions.title, end: sessions.end },
        ...{ digest: digest.title, digestWhat: digest.what, every: digest.every, at: digest.at },
        ...{ complaints: t.places['/complaints'], device: m.device.scan, profile: m.settings.profile },
      },
      modes: modes.map((mode) => quiet[mode]),
      days: quiet.days.map((day, at) => ({ day: at + 1, name: day })),
      digests: digests.map((every) => digest[every ?? 'never']),
      language: languages.indexOf(chosenLanguage()),
    });
  },

  async again() {
    await attempt(this, async () => {
      const [me, { items }] = await Promise.all([
        hub('get', '/v1/me', {}),
        hub('get', '/v1/sessions', { query: { limit: sessionsMax } }),
      ]);
      const { t, m } = texts();
      this.setData({
        name: me.displayName ?? '',
        zone: me.timeZone ?? 'Asia/Shanghai',
        digestAt: me.digest?.at ?? usualDigestTime,
        isRead: true,
        sessions: items.map(({ id, current, provider, device, place, lastUsedAt }) => ({
          id,
          current: current ? m.settings.current : '',
          name: device ?? t.sessions.providers[provider],
          words: [t.sessions.providers[provider], place === undefined ? '' : t.device.from(place), whenText(lastUsedAt)]
            .filter((word) => word !== '')
            .join(' · '),
        })),
      });
      this.putDigest(digests.indexOf(me.digest?.every ?? null));
      this.putHours(me.quietHours ?? []);
    });
  },

  typeName({ detail: { value } }: WechatMiniprogram.Input) {
    this.setData({ name: value });
  },

  chooseZone({ detail: { value } }: WechatMiniprogram.PickerChange) {
    this.setData({ zone: zones[Number(value)] ?? this.data.zone });
  },

  chooseLanguage({ detail: { value } }: WechatMiniprogram.PickerChange) {
    chooseLanguage(languages[Number(value)] ?? 'zh-CN');
    this.name();
    return this.again();
  },

  chooseDigest({ detail: { value } }: WechatMiniprogram.PickerChange) {
    this.putDigest(Number(value));
    this.setData({ said: '' });
  },

  putDigest(digest: number) {
    this.setData({ digest, isDaily: digests[digest] === 'day' });
  },

  chooseDigestTime({ detail: { value } }: WechatMiniprogram.PickerChange) {
    this.setData({ digestAt: String(value), said: '' });
  },

  addHours() {
    this.putHours([...this.data.hours, usual]);
  },

  removeHours(event: WechatMiniprogram.BaseEvent) {
    const { at } = touched<{ at: number }>(event);
    this.putHours(this.data.hours.filter((_, index) => index !== at));
  },

  setDays(event: WechatMiniprogram.CheckboxGroupChange) {
    this.putHour(event, { days: event.detail.value.map(Number).sort((a, b) => a - b) });
  },

  setFrom(event: WechatMiniprogram.PickerChange) {
    this.putHour(event, { from: String(event.detail.value) });
  },

  setTo(event: WechatMiniprogram.PickerChange) {
    this.putHour(event, { to: String(event.detail.value) });
  },

  setMode(event: WechatMiniprogram.PickerChange) {
    this.putHour(event, { mode: modes[Number(event.detail.value)] ?? 'defer' });
  },

  putHour(event: WechatMiniprogram.BaseEvent, change: Partial<Hours>) {
    const { at } = touched<{ at: number }>(event);
    this.putHours(this.data.hours.map((hours, index) => (index === at ? { ...hours, ...change } : hours)));
  },

  putHours(hours: Hours[]) {
    const chosen = hours.map(({ days }) => Array.from({ length: 8 }, (_, day) => days.includes(day)));
    this.setData({ hours, chosen, isFull: hours.length >= hoursMax, said: '' });
  },

  async save() {
    const { name, zone, hours, digest, digestAt } = this.data;
    const every = digests[digest] ?? null;
    const done = await attempt(this, () =>
      hub('patch', '/v1/me', {
        body: {
          displayName: name.trim() === '' ? null : name.trim(),
          locale: chosenLanguage(),
          timeZone: zone,
          quietHours: hours,
          digest: every === null ? null : { every, ...(every === 'day' && { at: digestAt }) },
        },
      }),
    );
    if (done) this.setData({ said: texts().t.saved });
  },

  async takeProfile() {
    await attempt(this, async () => {
      const { profileFor, touchAgain } = texts().m.settings;
      const profile = await sendWechatProfile(profileFor);
      if (!profile) this.setData({ said: touchAgain });
      else if (profile.nickName !== undefined) this.setData({ name: profile.nickName, said: '' });
    });
  },

  async end(event: WechatMiniprogram.BaseEvent) {
    const path = { sessionId: touched<{ id: string }>(event).id };
    if (await attempt(this, () => hub('delete', '/v1/sessions/{sessionId}', { path }))) await this.again();
  },

  toComplaints() {
    wx.navigateTo({ url: '/pages/complaints/complaints' });
  },

  toDevice() {
    wx.navigateTo({ url: '/pages/device/device' });
  },
});
