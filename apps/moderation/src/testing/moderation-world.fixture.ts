import { createHmac, randomUUID } from 'node:crypto';
import { aadOf, ModerationEvent, ModerationLookEvent, PushContent, PushedEvent, Reply } from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { RunningSandbox, startSandbox } from '@hark/sandbox';
import { RunningService } from '@hark/service';
import { operator, ServiceHarness, serviceHarness, ServiceWorld, until } from '@hark/testing';
import { Vault } from '@hark/vault';
import { start } from '../main';

const at = '2026-11-22T09:00:00.000Z';

/** Somebody whom WeChat knows by `openid`. */
export interface Person {
  readonly id: string;
  readonly openid: string;
}

/** The moderation service on its own stores; with `wechat`, a stand-in for WeChat. */
export class ModerationWorld extends ServiceWorld {
  /** Who asks in `ask`. */
  readonly operatorId = '00000000-0000-7000-8000-00000000000a';

  private constructor(
    harness: ServiceHarness<RunningService>,
    private readonly sandbox: RunningSandbox,
  ) {
    super(harness);
  }

  static async start({ wechat }: { wechat: boolean }): Promise<ModerationWorld> {
    const sandbox = await startSandbox();
    const { WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_BASE_URL } = sandbox.settings;
    const settings = { WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_BASE_URL };
    try {
      return new ModerationWorld(await serviceHarness(start, wechat ? settings : {}), sandbox);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  /** The service's own vault, so that it too forgets the key of an erased person. */
  override get vault(): Vault {
    return this.service.app.get(Vault);
  }

  /** Somebody whom WeChat knows opens the mini program: for two hours it judges texts in their name. */
  visits(...openids: readonly string[]): void {
    for (const openid of openids)
      this.sandbox.standIns.wechat.users.restore({ openid, sessionKey: '', visitedAtMs: Date.now() });
  }

  /** WeChat's verdict on texts that contain this. */
  wechatJudges(contains: string, suggest: 'review' | 'risky', label: number): void {
    this.sandbox.standIns.wechat.content.set({ contains, suggest, label });
  }

  /** WeChat answers every call with an error until told otherwise. */
  wechatIs(state: 'down' | 'up'): void {
    const { faults } = this.sandbox.standIns;
    if (state === 'up') faults.clear('wechat');
    else faults.set({ provider: 'wechat', mode: 'error', status: 502 });
  }

  /** In whose name WeChat was asked about texts that contain this, in order. */
  questions(text: string): string[] {
    return this.sandbox.standIns.journal
      .list({ provider: 'wechat', match: '/msg_sec_check' })
      .map(({ body }) => JSON.parse(body) as { content: string; openid: string })
      .flatMap(({ content, openid }) => (content.includes(text) ? [openid] : []));
  }

  override async close(): Promise<void> {
    await super.close();
    await this.sandbox.close();
  }

  /** The looks that were recorded of an operator, oldest first. */
  async looks(operatorId: string): Promise<ModerationLookEvent['data'][]> {
    const all = await this.dataOfAll<ModerationLookEvent['data']>('moderation_look');
    return all.filter((look) => look.operatorId === operatorId);
  }

  /** Somebody who has logged in through WeChat. */
  async user(openid: string): Promise<Person> {
    const { users } = this.sandbox.standIns.wechat;
    // Known to WeChat, but away: unless they have opened the mini program before.
    if (!users.find(openid)) users.restore({ openid, sessionKey: '', visitedAtMs: 0 });
    const id = this.vault.lookupId('wechat', openid);
    const subject = await this.vault.seal(id, openid, aadOf.subject(id));
    await this.append('user', id, {
      type: 'user.registered',
      data: { provider: 'wechat', subject, subjectHash: this.vault.lookupHash('wechat', openid), at },
    });
    return { id, openid };
  }

  /** Has intake accept a push, as far as moderation can tell; answers its id. */
  async push(
    content: PushContent,
    { ownerId, personId, escalatedFrom }: { ownerId?: string; personId?: string; escalatedFrom?: string } = {},
  ): Promise<string> {
    const pushId = uuid7();
    const text = JSON.stringify(content);
    const recipient = personId ?? randomUUID();
    const appId = randomUUID();
    const app = { ownerId: ownerId ?? null, name: 'Tickets', redirectUris: [], secretHash: 'a'.repeat(64) };
    await this.append('app', appId, { type: 'app.registered', data: { ...app, verified: false, at } });
    await this.append('message', pushId, {
      type: 'message.pushed',
      data: {
        appId,
        ownerId: ownerId ?? appId,
        personId: recipient,
        bindingId: randomUUID(),
        consentId: randomUUID(),
        bindingRevision: 0,
        content: await this.vault.seal(recipient, text, aadOf.content(pushId)),
        contentHash: createHmac('sha256', this.keys.contentHash).update(text).digest('hex'),
        priority: 'normal',
        ...(escalatedFrom && { escalatedFrom }),
        at,
      },
    });
    return pushId;
  }

  /** Has intake accept another text for a push, its `edition`-th. */
  async edit(pushId: string, edition: number, content: PushContent): Promise<void> {
    const { event } = await this.recorded(pushId);
    const { ownerId, personId } = (event as PushedEvent).data;
    const sealed = await this.vault.seal(personId, JSON.stringify(content), aadOf.content(pushId));
    const data = { ownerId, personId, edition, content: sealed, contentHash: hashOf(edition), at };
    await this.append('message', pushId, { type: 'message.edited', data });
  }

  /** The verdicts on a push so far, oldest first. */
  verdicts(pushId: string): Promise<ModerationEvent[]> {
    return this.events('moderation', pushId);
  }

  /** The first verdict on a push, as soon as it is there. */
  verdict(pushId: string): Promise<ModerationEvent> {
    return until(async () => (await this.verdicts(pushId))[0], { what: `a verdict on ${pushId}` });
  }

  /** The push's own event, as a reactor gets it. */
  async recorded(pushId: string): Promise<RecordedEvent> {
    return (await this.store.read('message', pushId))[0]!;
  }

  /** As an operator, unless a caller is named. */
  override ask<Body>(subject: string, data: object, meta: RpcOptions = {}): Promise<Reply<Body>> {
    return super.ask(subject, data, { caller: operator(this.operatorId), ...meta });
  }
}

/** A hash for a push's `edition`-th text. */
export const hashOf = (edition: number): string => String(edition).repeat(64);
