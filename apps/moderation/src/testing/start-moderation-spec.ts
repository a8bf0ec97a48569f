import { createHmac, randomUUID } from 'node:crypto';
import { aadOf, Answer, ModerationEvent, PushContent } from '@hark/contracts';
import { positionToken, Recorded, Vault } from '@hark/eventstore';
import { HarkError, uuid7 } from '@hark/kernel';
import { RunningService } from '@hark/service';
import { ServiceHarness, serviceHarness, until } from '@hark/testing';
import { start } from '../main';
import { WechatStub } from './wechat-stub-spec';

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

  /** Somebody who has logged in through WeChat. */
  async person(openid: string): Promise<Person> {
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
  async recorded(pushId: string): Promise<Recorded> {
    return (await this.harness.eventStore.read('message', pushId))[0]!;
  }

  /** Asks as an operator, or as an ordinary person. */
  ask<Body>(
    subject: string,
    data: object,
    roles: readonly string[] = ['operator'],
    position?: string,
  ): Promise<Answer<Body>> {
    const caller = { kind: 'user' as const, userId: this.operatorId, roles };
    return this.harness.requests.request<Body>(subject, data, { caller, ...(position && { position }) });
  }

  /** The code of the error that a request comes to. */
  async refusal(subject: string, data: object, roles?: readonly string[]): Promise<string> {
    const answer = await this.ask(subject, data, roles).catch((error: unknown) => error);
    if (answer instanceof HarkError) return answer.code;
    throw new Error('was not refused', { cause: answer });
  }

  private async append(category: string, id: string, event: { type: string; data: object }): Promise<void> {
    const context = { commandId: randomUUID(), actor: 'service:test', requestId: 'test', correlationId: 'test' };
    await this.harness.eventStore.append(category, id, 'no-stream', [event], context);
  }
}
