import { createHmac, randomUUID } from 'node:crypto';
import { aadOf, ModerationEvent, ModerationLookEvent, PushContent, Reply } from '@hark/contracts';
import { positionToken, RecordedEvent } from '@hark/eventstore';
import { Clock, HarkError, plusMs, uuid7 } from '@hark/kernel';
import { RunningService } from '@hark/service';
import { ServiceHarness, serviceHarness, until } from '@hark/testing';
import { Vault } from '@hark/vault';
import { start } from '../main';
import { WechatStub } from './wechat-stub.fixture';

const at = '2026-11-22T09:00:00.000Z';

/** Somebody whom WeChat knows by `openid`. */
export interface Person {
  readonly id: string;
  readonly openid: string;
}

/** The moderation service on stores of its own, with a stand-in for WeChat where `wechat` is told. */
export class ModerationStack {
  /** Who asks in `ask`. */
  readonly operatorId = '00000000-0000-7000-8000-00000000000a';
  private latest: string | undefined;

  private constructor(
    readonly harness: ServiceHarness<RunningService>,
    readonly wechat: WechatStub,
  ) {}

  static async start({ wechat: on }: { wechat: boolean }): Promise<ModerationStack> {
    const wechat = await WechatStub.start();
    const settings = { WECHAT_APP_ID: 'wx00000000000000aa', WECHAT_APP_SECRET: 'secret', WECHAT_BASE_URL: wechat.url };
    try {
      return new ModerationStack(await serviceHarness(start, on ? settings : {}), wechat);
    } catch (error) {
      await wechat.close();
      throw error;
    }
  }

  get vault(): Vault {
    return this.harness.service.app.get(Vault);
  }

  async close(): Promise<void> {
    await this.harness.close();
    await this.wechat.close();
  }

  /** Moves the service's clock on, for everything in it. */
  passTime(ms: number): void {
    const clock = this.harness.service.app.get(Clock);
    const before = clock.now.bind(clock);
    clock.now = () => plusMs(before(), ms);
  }

  /** The looks that were recorded of an operator, oldest first. */
  async looks(operatorId: string): Promise<ModerationLookEvent['data'][]> {
    const found: ModerationLookEvent['data'][] = [];
    for await (const { event } of this.harness.eventStore.client.readAll({ maxCount: 10_000 })) {
      const data = event?.data as ModerationLookEvent['data'] | undefined;
      if (event?.streamId.startsWith('moderation_look-') && data?.operatorId === operatorId) found.push(data);
    }
    return found;
  }

  /** Somebody who has logged in through WeChat. */
  async user(openid: string): Promise<Person> {
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
    { ownerId, personId }: { ownerId?: string; personId?: string } = {},
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
        contentHash: createHmac('sha256', this.harness.keys.contentHash).update(text).digest('hex'),
        priority: 'normal',
        at,
      },
    });
    return pushId;
  }

  /** The verdicts on a push so far, oldest first. */
  async verdicts(pushId: string): Promise<ModerationEvent[]> {
    return (await this.harness.eventStore.read('moderation', pushId)).map(({ event }) => event as ModerationEvent);
  }

  /** The first verdict on a push, as soon as it is there. */
  async verdict(pushId: string, deadlineMs = 10_000): Promise<ModerationEvent> {
    const verdict = await until(async () => (await this.verdicts(pushId))[0], {
      what: `a verdict on ${pushId}`,
      deadlineMs,
    });
    this.latest = pushId;
    return verdict;
  }

  /** Where the log of verdicts stands at the moment, for reading what has just been written. */
  async position(): Promise<string | undefined> {
    return (
      this.latest &&
      positionToken((await this.harness.eventStore.read('moderation', this.latest)).at(-1)!.position, 'moderation')
    );
  }

  /** The push's own event, as a reactor gets it. */
  async recorded(pushId: string): Promise<RecordedEvent> {
    return (await this.harness.eventStore.read('message', pushId))[0]!;
  }

  /** Asks as an operator, or as an ordinary person. */
  ask<Body>(
    subject: string,
    data: object,
    roles: readonly string[] = ['operator'],
    position?: string,
    userId = this.operatorId,
  ): Promise<Reply<Body>> {
    const caller = { kind: 'user' as const, userId, roles };
    return this.harness.requests.request<Body>(subject, data, { caller, ...(position && { position }) });
  }

  /** The code of the error that a request comes to. */
  async refusal(subject: string, data: object, roles?: readonly string[], userId?: string): Promise<string> {
    const answer = await this.ask(subject, data, roles, undefined, userId).catch((error: unknown) => error);
    if (answer instanceof HarkError) return answer.code;
    throw new Error('was not refused', { cause: answer });
  }

  private async append(category: string, id: string, event: { type: string; data: object }): Promise<void> {
    const context = { commandId: randomUUID(), actor: 'service:test', requestId: 'test', correlationId: 'test' };
    await this.harness.eventStore.append(category, id, 'no-stream', [event], context);
  }
}
