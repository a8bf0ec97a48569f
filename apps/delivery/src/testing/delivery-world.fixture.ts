import { createHash } from 'node:crypto';
import {
  aadOf,
  DeliveryEvent,
  deliverySubjects,
  eventSchemas,
  InboxItemMark,
  InboxItemView,
  InboxPage,
  Level,
  ModerationEvent,
  PushContent,
  ReadAllReply,
} from '@hark/contracts';
import { EventStore, positionToken, RecordedEvent } from '@hark/eventstore';
import { Clock, DomainEvent, HarkError, plusMs, uuid5, uuid7 } from '@hark/kernel';
import { Reply, RpcOptions } from '@hark/nats';
import { RunningService } from '@hark/service';
import { ServiceHarness, serviceHarness, until } from '@hark/testing';
import { Vault } from '@hark/vault';
import { AttemptDeadlines } from '../deliver-push/attempt-deadlines';
import { start } from '../main';
import { OutsideWorld } from './outside-world.fixture';

export const at = '2026-11-22T09:00:00.000Z';
/** A short wait for an answer; the order of things stays. */
export const shortPatience = { sendMs: 1_500 };

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

/** The delivery service on real stores, with a Bark server and a mail server beside it. */
export class DeliveryWorld {
  readonly vault: Vault;
  /** The clock of the service that runs now, once it was moved. */
  private moved: { readonly clock: Clock; aheadMs: number } | undefined;

  private constructor(
    readonly harness: ServiceHarness<RunningService>,
    readonly outside: OutsideWorld,
    readonly store: EventStore,
  ) {
    const { vault: vaultKey, lookup: lookupKey } = harness.keys;
    this.vault = new Vault({ query: (sql, parameters) => harness.sql(sql, parameters) }, { vaultKey, lookupKey });
    this.configure();
  }

  /** `eventStoreUrl`: another event store than the harness's own, for tests that stop it. */
  static async start(eventStoreUrl?: string): Promise<DeliveryWorld> {
    const outside = await OutsideWorld.start();
    const url = eventStoreUrl === undefined ? {} : { EVENTSTORE_URL: eventStoreUrl };
    const harness = await serviceHarness((env) => start({ ...env, ...url }), outside.settings);
    const store = eventStoreUrl ? EventStore.connect(eventStoreUrl, { schemas: eventSchemas }) : harness.eventStore;
    return new DeliveryWorld(harness, outside, store);
  }

  /** Changes the service's patience. */
  configure(deadlines: Partial<AttemptDeadlines> = shortPatience): void {
    Object.assign(this.harness.service.app.get(AttemptDeadlines), deadlines);
  }

  /** Moves the service's clock on, for everything in it. */
  passTime(ms: number): void {
    const clock = this.harness.service.app.get(Clock);
    if (this.moved?.clock !== clock) {
      const moved = { clock, aheadMs: 0 };
      const present = clock.now.bind(clock);
      clock.now = () => plusMs(present(), moved.aheadMs);
      this.moved = moved;
    }
    this.moved.aheadMs += ms;
  }

  /** What the service takes as the present time. */
  now(): string {
    return this.harness.service.app.get(Clock).now();
  }

  async close(): Promise<void> {
    this.outside.release();
    await this.harness.close();
    if (this.store !== this.harness.eventStore) await this.store.close();
    await this.outside.close();
  }

  /** Appends behind whatever the stream holds; returns its last revision. */
  async append(category: string, id: string, ...events: DomainEvent[]): Promise<number> {
    const past = await this.store.read(category, id);
    const expected = past.length === 0 ? ('no-stream' as const) : past.length - 1;
    const commandId = uuid7();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
    return (await this.store.append(category, id, expected, events, context)).revision;
  }

  async app(
    ownerId: string | null = uuid7(),
    name = 'Hacker密码',
    wechatAppId?: string,
  ): Promise<{ appId: string; ownerId: string }> {
    const appId = uuid7();
    const data = { ownerId, name, redirectUris: [], secretHash: null, verified: false, at };
    const mini = wechatAppId === undefined ? {} : { wechatAppId };
    await this.append('app', appId, { type: 'app.registered', data: { ...data, ...mini } });
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
    const fields = { phone: ['bark', phone, { deviceKey }], mailbox: ['email', mailbox, { address }] } as const;
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
    const named = appName === undefined ? {} : { appName };
    await this.append('binding', to.bindingId, { type: 'binding.bound', data: { ...data, ...named } });
    return consentId;
  }

  /** A push as intake accepts it, not yet judged. */
  async accepted(
    to: Recipient,
    content: PushContent = { title: '工单', body: '已出发' },
    pushedAt = at,
  ): Promise<string> {
    const pushId = uuid7();
    const { appId, ownerId, personId, bindingId, consentId } = to;
    const sealed = await this.vault.seal(personId, JSON.stringify(content), aadOf.content(pushId));
    const ids = { appId, ownerId, personId, bindingId, consentId, bindingRevision: 0 };
    const data = { ...ids, content: sealed, contentHash: hash(pushId), priority: 'normal', at: pushedAt };
    await this.append('message', pushId, { type: 'message.pushed', data });
    return pushId;
  }

  /** Moderation's verdict on a push; the reactor takes it from there. */
  async pass(pushId: string, contentHash = hash(pushId)): Promise<void> {
    const data = { contentHash, ruleVersion: '1', wechat: 'off' as const, at };
    const passed: ModerationEvent = { type: 'moderation.passed', data };
    await this.append('moderation', pushId, passed);
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
    const data = { appId, ownerId, personId, bindingId, content, level: 'strong', ...why, pushedAt, at: filedAt };
    await this.append('delivery', pushId, { type: 'delivery.filed', data });
    const [recorded] = await this.store.read('delivery', pushId);
    return { pushId, position: positionToken(recorded!.position, 'delivery') };
  }

  async story(pushId: string): Promise<DeliveryEvent[]> {
    return ((await this.store.read('delivery', pushId)) as RecordedEvent<DeliveryEvent>[]).map(({ event }) => event);
  }

  types = async (pushId: string): Promise<string[]> => (await this.story(pushId)).map(({ type }) => type.slice(9));

  /** Waits until the push has been put off so often, and answers the latest deferral. */
  async deferred(pushId: string, times = 1): Promise<DataOf['delivery.deferred']> {
    const found = async () =>
      (await this.story(pushId)).flatMap((event) => (event.type === 'delivery.deferred' ? [event.data] : []))[
        times - 1
      ];
    return until(found, { what: `deferral ${times} of ${pushId}`, deadlineMs: 15_000 });
  }

  /** Waits for an event of that kind in the delivery's stream. */
  async seen<T extends keyof DataOf>(pushId: string, type: T): Promise<DataOf[T]> {
    const found = async () => (await this.story(pushId)).find((event) => event.type === type);
    const { data } = await until(found, { what: `${type} of ${pushId}`, deadlineMs: 15_000 });
    return data as DataOf[T];
  }

  async finished(pushId: string) {
    const { outcome, reason } = await this.seen(pushId, 'delivery.finished');
    return reason === undefined ? outcome : `${outcome}: ${reason}`;
  }

  inbox(personId: string, data: object = {}, meta: RpcOptions = {}): Promise<Reply<InboxPage>> {
    return this.ask(deliverySubjects.listInbox, personId, data, meta);
  }

  mark(how: 'read' | 'unread', personId: string, inboxItemId: unknown): Promise<Reply<InboxItemMark>> {
    return this.ask(deliverySubjects[how], personId, { inboxItemId }, {});
  }

  readAll(personId: string, meta: RpcOptions = {}): Promise<Reply<ReadAllReply>> {
    return this.ask(deliverySubjects.readAll, personId, {}, meta);
  }

  item(personId: string, inboxItemId: unknown, meta: RpcOptions = {}): Promise<Reply<InboxItemView>> {
    return this.ask(deliverySubjects.getInboxItem, personId, { inboxItemId }, meta);
  }

  private ask<T>(subject: string, userId: string, data: object, meta: RpcOptions): Promise<Reply<T>> {
    return this.harness.requests.request<T>(subject, data, {
      caller: { kind: 'user', userId, roles: ['user'] },
      ...meta,
    });
  }
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The code that a request was refused with; fails when it was carried out. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  const answer = await asked.catch((error: unknown) => error);
  if (answer instanceof HarkError) return answer.code;
  throw new Error(`it was carried out: ${JSON.stringify(answer)}`);
}
