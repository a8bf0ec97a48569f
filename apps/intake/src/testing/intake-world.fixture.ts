import { z } from 'zod';
import {
  aadOf,
  AppEvent,
  authSubjects,
  BindingEvent,
  intakeSubjects,
  Level,
  listPushesRequest,
  moderationSubjects,
  Page,
  PushBatchReply,
  pushIdRequest,
  PushPreview,
  PushReply,
  PushSummary,
  PushView,
  Reply,
} from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { bindingIdOf, openidIdOf } from '@hark/gate';
import { uuid5, uuid7 } from '@hark/kernel';
import { Caller, HarkNatsServer, RpcClient, RpcOptions } from '@hark/nats';
import { RunningService } from '@hark/service';
import { ServiceHarness, serviceHarness, ServiceWorld } from '@hark/testing';
import { start } from '../main';

export const at = '2026-11-22T09:00:00.000Z';
/** Each call comes from somewhere else, so that wrong keys in one test hold up nobody in another. */
const sender = (): Caller => ({ kind: 'key', roles: [], source: uuid7() });

/** An app as the auth service would have registered it. */
export interface RegisteredApp {
  readonly appId: string;
  readonly ownerId: string;
  readonly secret: string;
}

/** A consent as the auth service would have recorded it. */
export interface Bound {
  readonly appId: string;
  readonly openid: string;
  readonly bindingId: string;
  readonly personId: string;
  readonly consentId: string;
  readonly key: string;
}

export interface BindOptions {
  readonly openid?: string;
  readonly level?: Level;
  /** Another person, who says to be the same openid. */
  readonly who?: string;
  /** Whether the app has said that it means this person. */
  readonly confirmed?: boolean;
}

/** The intake service on real stores; what others would have written is appended to their streams. */
export class IntakeWorld extends ServiceWorld {
  private binds = 0;

  /** What the service asked auth to record: apps that showed a key. */
  readonly presented: unknown[] = [];

  private constructor(
    harness: ServiceHarness<RunningService>,
    private readonly services: RpcClient,
    private readonly auth: HarkNatsServer,
  ) {
    super(harness);
    auth.addHandler(authSubjects.presentKey, async (shown: unknown): Promise<Reply> => {
      this.presented.push(shown);
      return { body: {} };
    });
    // The moderation service, which holds one word and blocks another.
    const verdicts = new Map([
      ['held', { verdict: 'held', label: 'ads' }],
      ['blocked', { verdict: 'blocked', label: 'illegal' }],
    ]);
    auth.addHandler(moderationSubjects.judgeContent, async ({ content: { body } }: { content: { body: string } }) => ({
      body: verdicts.get(body) ?? { verdict: 'passed' },
    }));
    auth.listen(() => {});
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<IntakeWorld> {
    const harness = await serviceHarness(start, settings);
    const { caller: callerKey } = harness.keys;
    const services = await RpcClient.connect({
      url: harness.env.NATS_URL,
      name: 'auth',
      service: 'auth',
      callerKey,
    });
    const auth = new HarkNatsServer({ connection: services.connection, queue: 'auth', callerKey });
    const world = new IntakeWorld(harness, services, auth);
    await auth.flushed();
    return world;
  }

  override async close(): Promise<void> {
    await this.auth.close();
    await this.services.close();
    await super.close();
  }

  async app(ownerId = uuid7()): Promise<RegisteredApp> {
    const appId = uuid7();
    const secret = issueCredential('app', appId, uuid7(), this.keys.secrets);
    const data = { ownerId, name: 'Hacker密码', redirectUris: [], verified: false, at };
    const registered: AppEvent = { type: 'app.registered', data: { ...data, secretHash: hashCredential(secret) } };
    await this.append('app', appId, registered);
    return { appId, ownerId, secret };
  }

  /** Binds a person to the app; again under the same openid is a new consent of the same person, `who` is another one. */
  async bind(
    { appId }: RegisteredApp,
    { openid = `o-${(this.binds += 1)}`, level = 'strong', who = 'person', confirmed = true }: BindOptions = {},
  ): Promise<Bound> {
    const personId = uuid5(appId, `${who} of ${openid}`);
    const bindingId = bindingIdOf(appId, openid, personId);
    await this.append('openid', openidIdOf(appId, openid), { type: 'openid.claimed', data: { appId, at } });
    const bound = await this.consent(appId, openid, personId, bindingId, level);
    if (confirmed) await this.confirm(bound);
    return bound;
  }

  /** A binding as logs have it from before apps confirmed any: under the openid's own id. */
  async bindAsOfOld({ appId }: RegisteredApp, openid: string): Promise<Bound> {
    return this.consent(appId, openid, uuid5(appId, `person of ${openid}`), openidIdOf(appId, openid), 'strong');
  }

  /** What the auth service records when the app confirms a binding. */
  async confirm(bound: Pick<Bound, 'appId' | 'openid' | 'bindingId' | 'consentId'>): Promise<void> {
    const { appId, openid, bindingId, consentId } = bound;
    const confirmed = { bindingId, consentId, at };
    await this.append('openid', openidIdOf(appId, openid), { type: 'openid.confirmed', data: confirmed });
    await this.append('binding', bindingId, { type: 'binding.confirmed', data: { consentId, at } });
  }

  private async consent(
    appId: string,
    openid: string,
    personId: string,
    bindingId: string,
    level: Level,
  ): Promise<Bound> {
    const consentId = uuid7();
    const key = issueCredential('key', bindingId, consentId, this.keys.secrets);
    const sealed = await this.vault.seal(personId, openid, aadOf.openid(bindingId));
    const data = { appId, personId, openid: sealed, consentId, level, channels: null, at };
    const bound: BindingEvent = { type: 'binding.bound', data: { ...data, keyHash: hashCredential(key) } };
    await this.append('binding', bindingId, bound);
    return { appId, openid, bindingId, personId, consentId, key };
  }

  async unbind({ bindingId }: Bound): Promise<void> {
    await this.append('binding', bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
  }

  push(data: object, meta: RpcOptions = {}): Promise<Reply<PushReply>> {
    return this.ask(intakeSubjects.push, data, { caller: sender(), ...meta });
  }

  preview(data: object, meta: RpcOptions = {}): Promise<Reply<PushPreview>> {
    return this.ask(intakeSubjects.previewPush, data, { caller: sender(), ...meta });
  }

  /** A part of a batch; the whole of it unless `from` is named. */
  pushBatch(
    data: { credential: string; pushes: readonly unknown[]; from?: number },
    meta: RpcOptions = {},
  ): Promise<Reply<PushBatchReply>> {
    return this.ask(intakeSubjects.pushBatch, { from: 0, ...data }, { caller: sender(), ...meta });
  }

  edit(credential: string, pushId: string, changes: object, meta: RpcOptions = {}): Promise<Reply<PushReply>> {
    return this.ask(intakeSubjects.editPush, { credential, pushId, ...changes }, { caller: sender(), ...meta });
  }

  recall(credential: string, pushId: string): Promise<Reply<null>> {
    return this.ask(intakeSubjects.recallPush, { credential, pushId }, { caller: sender() });
  }

  list(data: Partial<z.input<typeof listPushesRequest>>, meta: RpcOptions = {}): Promise<Reply<Page<PushSummary>>> {
    return this.ask(intakeSubjects.listPushes, data, { caller: sender(), ...meta });
  }

  get(data: Partial<z.input<typeof pushIdRequest>>, meta: RpcOptions = {}): Promise<Reply<PushView>> {
    return this.ask(intakeSubjects.getPush, data, { caller: sender(), ...meta });
  }
}
