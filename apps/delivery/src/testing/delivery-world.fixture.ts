import { createHash } from 'node:crypto';
import {
  aadOf,
  DeliveryEvent,
  deliverySubjects,
  Escalation,
  InboxChanges,
  InboxItemMark,
  InboxItemView,
  InboxPage,
  Level,
  MarkManyReply,
  ModerationEvent,
  Priority,
  PushContent,
  ReadAllReply,
  Repetition,
  Reply,
  UnreadReply,
} from '@hark/contracts';
import { plusMs, positionToken, uuid5, uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { BarkPush, Mail, RunningSandbox, Sandbox, startSandbox } from '@hark/sandbox';
import { RunningService } from '@hark/service';
import { ServiceHarness, serviceHarness, ServiceWorld, until, user } from '@hark/testing';
import { AttemptDeadlines } from '../deliver-push/attempt-deadlines';
import { start } from '../main';
import { Threads } from '../threads.service';

export const at = '2026-11-22T09:00:00.000Z';

/** Somebody with a phone and a mailbox, bound to an app. */
export interface Recipient {
  readonly appId: string;
  readonly ownerId: string;
  readonly personId: string;
  readonly bindingId: string;
  readonly consentId: string;
  readonly phone: string;
  readonly deviceKey: string;
  readonly mailbox: string;
  readonly address: string;
}

type DataOf = { [E in DeliveryEvent as E['type']]: E['data'] };

/** How a phone's server answers a push: every time from now on, or only that many times. */
const barkFaults = {
  hiccup: { mode: 'error' },
  throttled: { mode: 'rate-limit' },
  moved: { mode: 'error', status: 301 },
  gone: { mode: 'error', status: 400, message: 'failed to get device token' },
  /** No answer, and the push is not taken. */
  hang: { mode: 'hang' },
  /** No answer until `release`; then the push is taken. */
  waits: { mode: 'slow', delayMs: 60_000 },
} as const;

/** The delivery service on real stores, with the sandbox's Bark server and mail server beside it. */
export class DeliveryWorld extends ServiceWorld {
  private constructor(
    harness: ServiceHarness<RunningService>,
    private readonly sandbox: RunningSandbox,
  ) {
    super(harness);
  }

  /** `eventStoreUrl`: another event store than the harness's own, for tests that stop it. */
  static async start(eventStoreUrl?: string): Promise<DeliveryWorld> {
    const sandbox = await startSandbox({ anyDevice: true });
    const other: Record<string, string> = eventStoreUrl === undefined ? {} : { EVENTSTORE_URL: eventStoreUrl };
    return new DeliveryWorld(await serviceHarness(start, { ...sandbox.settings, ...other }), sandbox);
  }

  /** Changes the service's patience, for answers that will not come; without deadlines it is as in life again. */
  configure(deadlines: Partial<AttemptDeadlines> = {}): void {
    Object.assign(this.service.app.get(AttemptDeadlines), new AttemptDeadlines(), deadlines);
  }

  override async close(): Promise<void> {
    this.sandbox.standIns.faults.reset();
    await super.close();
    await this.sandbox.close();
  }

  /** The stand-in for WeChat. */
  get wechat(): Sandbox['wechat'] {
    return this.sandbox.standIns.wechat;
  }

  /** What the phone's server does with the next pushes, `times` of them; with all of them unless that is said. */
  phone({ deviceKey }: Pick<Recipient, 'deviceKey'>, does: keyof typeof barkFaults, times?: number): void {
    this.sandbox.standIns.faults.set({ provider: 'bark', match: deviceKey, times, ...barkFaults[does] });
  }

  /** The phone's server answers again, also what waits. */
  release({ deviceKey }: Pick<Recipient, 'deviceKey'>): void {
    this.sandbox.standIns.faults.clear('bark', deviceKey);
  }

  /** The pushes that were asked of the phone's server, whatever it did with them. */
  asked({ deviceKey }: Pick<Recipient, 'deviceKey'>): { readonly id: string; readonly receivedAtMs: number }[] {
    return this.sandbox.standIns.journal
      .list({ provider: 'bark', match: deviceKey })
      .map(({ body, receivedAtMs }) => ({ ...(JSON.parse(body) as { id: string }), receivedAtMs }));
  }

  /** The pushes that are on the phone. */
  shown({ deviceKey }: Pick<Recipient, 'deviceKey'>): BarkPush[] {
    return this.sandbox.standIns.bark.pushes.list({ key: deviceKey });
  }

  /** The mail server refuses the next mails to the address, `times` of them: all, unless that is said. */
  refuseMail({ address }: Pick<Recipient, 'address'>, status: number, message: string, times?: number): void {
    this.sandbox.standIns.faults.set({ provider: 'mail', match: address, mode: 'error', status, message, times });
  }

  /** The mail server takes mails to the address again. */
  takeMail({ address }: Pick<Recipient, 'address'>): void {
    this.sandbox.standIns.faults.clear('mail', address);
  }

  /** How often the mail server was asked to take a mail to the address. */
  mailTries({ address }: Pick<Recipient, 'address'>): number {
    return this.sandbox.standIns.journal.list({ provider: 'mail', match: address }).length;
  }

  mailsTo({ address }: Pick<Recipient, 'address'>): Mail[] {
    return this.sandbox.standIns.mail.mails.list({ key: address });
  }

  async app(
    ownerId: string | null = uuid7(),
    name = 'Hacker密码',
    more: { readonly wechatAppId?: string; readonly callbackUrl?: string } = {},
  ): Promise<{ appId: string; ownerId: string }> {
    const appId = uuid7();
    const data = { ownerId, name, redirectUris: [], secretHash: null, verified: false, at };
    await this.append('app', appId, { type: 'app.registered', data: { ...data, ...more } });
    return { appId, ownerId: ownerId ?? appId };
  }

  /** A person with verified endpoints who has bound the app, all as the auth service would have written it. */
  async recipient(
    options: {
      app?: { appId: string; ownerId: string };
      level?: Level;
      appName?: string;
      endpoints?: readonly ('phone' | 'mailbox')[];
    } = {},
  ): Promise<Recipient> {
    const { level = 'strong', endpoints = ['phone'] } = options;
    const { appId, ownerId } = options.app ?? (await this.app());
    const openid = `o-${uuid7()}`;
    const [personId, bindingId, phone, mailbox] = [uuid7(), uuid5(appId, openid), uuid7(), uuid7()];
    const deviceKey = `key${phone.replaceAll('-', '')}`;
    const address = `${mailbox}@example.test`;
    const fields = {
      phone: ['bark', phone, { deviceKey, critical: true }],
      mailbox: ['email', mailbox, { address }],
    } as const;
    for (const endpoint of endpoints) {
      const [kind, endpointId, own] = fields[endpoint];
      const sealed = await this.vault.seal(personId, JSON.stringify(own), aadOf.address(endpointId));
      const data = { endpointId, kind, address: sealed, addressHash: hash(endpointId), at };
      const verified = { type: 'user.endpoint-verified', data: { endpointId, at } };
      await this.append('user', personId, { type: 'user.endpoint-added', data }, verified);
    }
    const consentId = await this.consent({ appId, personId, bindingId }, openid, level, options.appName);
    return { appId, ownerId, personId, bindingId, consentId, phone, deviceKey, mailbox, address };
  }

  /** A consent, the first or a new one; answers its id. */
  async consent(
    to: Pick<Recipient, 'appId' | 'personId' | 'bindingId'>,
    openid: string,
    level: Level = 'strong',
    appName?: string,
  ): Promise<string> {
    const consentId = uuid7();
    const sealed = await this.vault.seal(to.personId, openid, aadOf.openid(to.bindingId));
    const { appId, personId } = to;
    const data = { appId, personId, openid: sealed, consentId, level, keyHash: hash(consentId), channels: null, at };
    const named = appName && { appName: await this.vault.seal(to.personId, appName, aadOf.appName(to.bindingId)) };
    await this.append('binding', to.bindingId, { type: 'binding.bound', data: { ...data, ...named } });
    return consentId;
  }

  /** A push as intake accepts it, not yet judged. */
  async accepted(
    to: Recipient,
    content: PushContent = { title: '工单', body: '已出发' },
    pushedAt = at,
    {
      id: pushId = uuid7(),
      ...more
    }: {
      id?: string;
      sendAt?: string;
      expiresAt?: string;
      repeat?: Repetition;
      escalate?: Escalation[];
      escalatedFrom?: string;
      priority?: Priority;
    } = {},
  ): Promise<string> {
    const { appId, ownerId, personId, bindingId, consentId } = to;
    const sealed = await this.vault.seal(personId, JSON.stringify(content), aadOf.content(pushId));
    const ids = { appId, ownerId, personId, bindingId, consentId, bindingRevision: 0 };
    const data = { ...ids, content: sealed, contentHash: hash(pushId), priority: 'normal', ...more, at: pushedAt };
    await this.append('message', pushId, { type: 'message.pushed', data });
    return pushId;
  }

  /** Moderation's verdict on a push; the reactor takes it from there. */
  async pass(pushId: string, contentHash = hash(pushId)): Promise<void> {
    const data = { contentHash, ruleVersion: '1', wechat: 'off' as const, at };
    const passed: ModerationEvent = { type: 'moderation.passed', data };
    await this.append('moderation', pushId, passed);
  }

  /** Another text for a push, as intake accepts it, not yet judged; answers the hash that its verdict has to name. */
  async edited(to: Recipient, pushId: string, content: PushContent, edition = 1): Promise<string> {
    const { ownerId, personId } = to;
    const sealed = await this.vault.seal(personId, JSON.stringify(content), aadOf.content(pushId));
    const contentHash = hash(`${pushId} ${edition}`);
    const data = { ownerId, personId, edition, content: sealed, contentHash, at };
    await this.append('message', pushId, { type: 'message.edited', data });
    return contentHash;
  }

  async push(to: Recipient, content?: PushContent): Promise<string> {
    const pushId = await this.accepted(to, content);
    await this.pass(pushId);
    return pushId;
  }

  /** Accepts and files a message as the services do; answers its id and the position of the write. */
  async filed(to: Recipient, body: string, afterMs = 0, why: { reason?: string } = {}) {
    const pushId = await this.accepted(to, { title: 't', body, tags: ['x'], thread: 'ticket-1' }, plusMs(at, afterMs));
    return this.file(to, pushId, plusMs(at, afterMs + 1), why);
  }

  /** Files an accepted message at a time. */
  async file(to: Recipient, pushId: string, filedAt: string, why: { reason?: string } = {}) {
    const { appId, ownerId, personId, bindingId } = to;
    const [message] = await this.store.read('message', pushId);
    const { content, at: pushedAt } = message!.event.data as { content: string; at: string };
    const text = JSON.parse((await this.vault.open(content, aadOf.content(pushId)))!) as PushContent;
    const thread = this.service.app.get(Threads).of(personId, text);
    const ids = { appId, ownerId, personId, bindingId };
    const data = { ...ids, content, ...(thread && { thread }), level: 'strong', ...why, pushedAt, at: filedAt };
    await this.append('delivery', pushId, { type: 'delivery.filed', data });
    const [recorded] = await this.store.read('delivery', pushId);
    return { pushId, position: positionToken(recorded!.position, 'delivery') };
  }

  story(pushId: string): Promise<DeliveryEvent[]> {
    return this.events('delivery', pushId);
  }

  /** The types of what happened to a push, without the word before the dot. */
  steps(pushId: string): Promise<string[]> {
    return this.types('delivery', pushId);
  }

  /** Waits until the push was put off that many times; returns the latest deferral. */
  async deferred(pushId: string, times = 1): Promise<DataOf['delivery.deferred']> {
    const found = async () =>
      (await this.story(pushId)).flatMap((event) => (event.type === 'delivery.deferred' ? [event.data] : []))[
        times - 1
      ];
    return until(found, { what: `deferral ${times} of ${pushId}` });
  }

  /** Waits for an event of that kind in the delivery's stream. */
  async seen<T extends keyof DataOf>(pushId: string, type: T): Promise<DataOf[T]> {
    const found = async () => (await this.story(pushId)).find((event) => event.type === type);
    const { data } = await until(found, { what: `${type} of ${pushId}` });
    return data as DataOf[T];
  }

  async finished(pushId: string) {
    const { outcome, reason } = await this.seen(pushId, 'delivery.finished');
    return reason === undefined ? outcome : `${outcome}: ${reason}`;
  }

  inbox(personId: string, data: object = {}, meta: RpcOptions = {}): Promise<Reply<InboxPage>> {
    return this.ask(deliverySubjects.listInbox, data, { caller: user(personId), ...meta });
  }

  changes(personId: string, after: string): Promise<Reply<InboxChanges>> {
    return this.ask(deliverySubjects.inboxChanges, { after }, { caller: user(personId) });
  }

  act(personId: string, inboxItemId: string, actionId: unknown): Promise<Reply<InboxItemMark>> {
    return this.ask(deliverySubjects.takeAction, { inboxItemId, actionId }, { caller: user(personId) });
  }

  mark(
    how: 'read' | 'unread' | 'acknowledge' | 'archive' | 'unarchive' | 'keep' | 'unkeep',
    personId: string,
    inboxItemId: unknown,
  ): Promise<Reply<InboxItemMark>> {
    return this.ask(deliverySubjects[how], { inboxItemId }, { caller: user(personId) });
  }

  readAll(personId: string, meta: RpcOptions = {}): Promise<Reply<ReadAllReply>> {
    return this.ask(deliverySubjects.readAll, {}, { caller: user(personId), ...meta });
  }

  markMany(personId: string, asked: object, meta: RpcOptions = {}): Promise<Reply<MarkManyReply>> {
    return this.ask(deliverySubjects.markMany, asked, { caller: user(personId), ...meta });
  }

  unread(personId: string, meta: RpcOptions = {}): Promise<Reply<UnreadReply>> {
    return this.ask(deliverySubjects.countUnread, {}, { caller: user(personId), ...meta });
  }

  item(personId: string, inboxItemId: unknown, meta: RpcOptions = {}): Promise<Reply<InboxItemView>> {
    return this.ask(deliverySubjects.getInboxItem, { inboxItemId }, { caller: user(personId), ...meta });
  }
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
