import { hub, newAct, type Schemas } from '../../api/hub';
import { templateId } from '../../api/hub-url';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { nameTabs } from '../../shared/tabs';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';

type Endpoint = Schemas['Endpoint'];

/** What can be added here beside WeChat: the field each has. Kinds with more fields are added in the console. */
const addable = [
  { kind: 'email', field: 'address' },
  { kind: 'bark', field: 'deviceKey' },
] as const;

/** 通道: WeChat's own reminders with how many are left, and all other channels. */
Page({
  data: {
    words: {},
    channels: [] as object[],
    /** The person's WeChat channel that is verified; its id, or empty. */
    wechatId: '',
    hasWechat: false,
    left: '',
    kinds: [] as string[],
    fields: [] as string[],
    kind: 0,
    value: '',
    codes: {},
    isRead: false,
    busy: false,
    failure: null as Failure | null,
    said: '',
  },

  async onShow() {
    const { t, m } = texts();
    nameTabs(t.places['/channels']);
    const { what, none, test, remove, code, verify, add, addIt, kind } = t.channels;
    this.setData({
      said: '',
      words: {
        ...{ loading: t.loading, what, none, test, remove, code, verify, add, addIt, kind },
        reminders: m.channels.reminders,
        remindersWhat: m.channels.remindersWhat,
        turnOn: m.channels.turnOn,
        allowMore: m.channels.allowMore,
      },
      kinds: addable.map((one) => t.channels.kinds[one.kind]),
      fields: addable.map((one) => t.channels.fields[one.field]),
    });
    await this.again();
  },

  async onPullDownRefresh() {
    await this.again();
    wx.stopPullDownRefresh();
  },

  async again() {
    await attempt(this, async () => {
      const { items } = await hub('get', '/v1/endpoints', {});
      const mine = items.filter(({ kind }) => kind === 'wechat');
      const wechatId = mine.find(({ status }) => status === 'verified')?.id ?? '';
      this.setData({ channels: items.map(shownOf), hasWechat: mine.length > 0, wechatId, isRead: true });
      // The dialog was not shown, which WeChat calls `filter`: it changes nothing, and the answer says how many are left.
      if (wechatId !== '') await this.report('filter');
    });
  },

  /** Adds WeChat as a channel. The dialog comes first: without a reminder allowed WeChat does not carry the code either. */
  async turnOn() {
    const answer = await asked();
    if (answer !== 'accept') return this.setData({ said: texts().m.channels.notAllowed });
    const body = { kind: 'wechat', templateId };
    if (await attempt(this, () => hub('post', '/v1/endpoints', { body: body, once: newAct() }))) await this.again();
  },

  /** One touch, one more reminder (WeChat docs: one-time subscriptions add up). */
  async allowMore() {
    const answer = await asked();
    if (answer !== 'accept') this.setData({ said: texts().m.channels.notAllowed });
    await attempt(this, () => this.report(answer));
  },

  async report(answer: string) {
    const path = { endpointId: this.data.wechatId };
    const body = { results: { [templateId]: answer } };
    const { credits } = await hub('post', '/v1/endpoints/{endpointId}/credits', { path, body, once: newAct() });
    this.setData({ left: texts().m.channels.left(credits) });
  },

  typeCode(event: WechatMiniprogram.Input) {
    this.setData({ [`codes.${touched<{ id: string }>(event).id}`]: event.detail.value });
  },

  async verify(event: WechatMiniprogram.BaseEvent) {
    const { id } = touched<{ id: string }>(event);
    const body = { code: ((this.data.codes as Record<string, string>)[id] ?? '').trim() };
    const path = { endpointId: id };
    if (await attempt(this, () => hub('post', '/v1/endpoints/{endpointId}/verify', { path, body }))) await this.again();
  },

  async test(event: WechatMiniprogram.BaseEvent) {
    const path = { endpointId: touched<{ id: string }>(event).id };
    await attempt(this, async () => {
      const { detail } = await hub('post', '/v1/endpoints/{endpointId}/test', { path });
      this.setData({ said: detail });
    });
  },

  async remove(event: WechatMiniprogram.BaseEvent) {
    const path = { endpointId: touched<{ id: string }>(event).id };
    if (await attempt(this, () => hub('delete', '/v1/endpoints/{endpointId}', { path }))) await this.again();
  },

  chooseKind({ detail: { value } }: WechatMiniprogram.PickerChange) {
    this.setData({ kind: Number(value), value: '' });
  },

  typeValue({ detail: { value } }: WechatMiniprogram.Input) {
    this.setData({ value });
  },

  async add() {
    const one = addable[this.data.kind];
    if (!one || this.data.value.trim() === '') return;
    const body = { kind: one.kind, [one.field]: this.data.value.trim() };
    const done = await attempt(this, () => hub('post', '/v1/endpoints', { body: body, once: newAct() }));
    if (!done) return;
    this.setData({ value: '' });
    await this.again();
  },
});

/** What the person answered to WeChat's dialog; a dialog that WeChat did not show is a no. */
async function asked(): Promise<string> {
  try {
    const answer = await wx.requestSubscribeMessage({ tmplIds: [templateId] });
    return (answer as unknown as Record<string, string>)[templateId] ?? 'reject';
  } catch {
    return 'reject';
  }
}

function shownOf({ id, kind, name, status, fields, detail, lastTrouble }: Endpoint): object {
  const { channels } = texts().t;
  const kindName = (channels.kinds as Readonly<Record<string, string | undefined>>)[kind] ?? kind;
  const [address] = kind === 'wechat' ? [] : (Object.values(fields) as string[]);
  return {
    id,
    name: name || (address === undefined ? kindName : `${kindName} ${address}`),
    status: channels.statuses[status],
    isVerified: status === 'verified',
    detail: detail ?? '',
    trouble: lastTrouble
      ? `${channels.trouble} ${whenText(lastTrouble.at)} ${lastTrouble.detail ?? lastTrouble.reason}`
      : '',
  };
}
