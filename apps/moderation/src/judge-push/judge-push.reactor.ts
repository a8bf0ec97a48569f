import { aadOf, MessageEvent, PushContent } from '@hark/contracts';
import { Reactor, Recorded, Vault } from '@hark/eventstore';
import { Clock, IsoTime, uuid7 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { LocalRules } from '../domain/local-rules';
import { messageText } from '../domain/message-text';
import { Verdict } from '../domain/moderation.decider';
import { ModerationStore } from '../moderation.store';
import { WechatJudge, WechatVerdict } from './wechat-judge';

type Pushed = Extract<MessageEvent, { type: 'message.pushed' }>;
interface Judged {
  readonly verdict: Verdict;
  readonly wechat: WechatVerdict['is'];
  readonly traceId?: string;
}

/** Within it no event comes a second time, but for a restart at full speed: then WeChat is asked twice, no more. */
const freshMs = 1_000;

/**
 * Judges the text of every push: the local rules first, then WeChat. No verdict in time is held for an operator, never
 * passed. Pushes are redelivered and overlap; the first verdict on a text stands.
 */
@Injectable()
export class JudgePushReactor implements Reactor<Pushed> {
  readonly group = 'moderation.judge-push';
  readonly reactsTo = ['message.pushed'];
  readonly concurrency = 32;

  constructor(
    private readonly moderations: ModerationStore,
    private readonly rules: LocalRules,
    private readonly wechat: WechatJudge,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async react({ event, id: pushId, eventId, recordedAt, metadata }: Recorded<Pushed>): Promise<void> {
    const judged = await this.judge(pushId, event.data, recordedAt);
    if (judged === null) return;
    const { verdict, wechat, traceId } = judged;
    await this.moderations.execute(
      pushId,
      {
        type: 'Judge',
        verdict,
        contentHash: event.data.contentHash,
        ruleVersion: this.rules.version,
        wechat,
        ...(traceId && { traceId }),
        at: this.clock.now(),
      },
      {
        // Its own in every run: two runs that judge one text must not take each other's verdict for their own.
        commandId: uuid7(),
        likelyNew: true,
        actor: 'service:moderation',
        requestId: metadata.requestId ?? eventId,
        correlationId: metadata.$correlationId ?? eventId,
        causationId: eventId,
        ...(metadata.traceparent && { traceparent: metadata.traceparent }),
      },
    );
  }

  /** Null when the text was judged before. */
  private async judge(pushId: string, pushed: Pushed['data'], recordedAt: IsoTime): Promise<Judged | null> {
    const unasked = this.wechat.isOn ? 'not-judged' : 'off';
    const content = await this.vault.open(pushed.content, aadOf.content(pushId));
    // Nobody is there any more to deliver it to, and nothing is left to judge.
    if (content === undefined) return { verdict: { is: 'blocked', label: 'person-erased' }, wechat: unasked };
    const text = messageText(JSON.parse(content) as PushContent);
    const local = this.rules.judge(text);
    if (local.is === 'block') return { verdict: { is: 'blocked', label: local.label }, wechat: unasked };
    const { contentHash, ownerId, personId } = pushed;
    // A question to WeChat may take long: not for a push that came before. One that is this new cannot have.
    const isFresh = Date.parse(this.clock.now()) - Date.parse(recordedAt) < freshMs;
    if (!isFresh && !this.wechat.knows(contentHash)) {
      const { state } = await this.moderations.load(pushId);
      if (state.is !== 'absent' && state.judged.includes(contentHash)) return null;
    }
    const wechat = await this.wechat.judge({ contentHash, text, userIds: [ownerId, personId] });
    const traceId = 'traceId' in wechat ? { traceId: wechat.traceId } : {};
    const verdict = worse(
      local.is === 'hold' ? { is: 'held', label: local.label } : { is: 'passed' },
      verdictOf(wechat),
    );
    return { verdict, wechat: wechat.is, ...traceId };
  }
}

function verdictOf(wechat: WechatVerdict): Verdict {
  switch (wechat.is) {
    case 'pass':
    case 'off':
    case 'not-judged':
      return { is: 'passed' };
    case 'review':
      return { is: 'held', label: wechat.label };
    case 'risky':
      return { is: 'blocked', label: wechat.label };
    case 'unavailable':
      return { is: 'held', label: 'unavailable' };
  }
}

const gravity: Readonly<Record<Verdict['is'], number>> = { passed: 0, held: 1, blocked: 2 };

/** The graver verdict; the local one where they agree. */
const worse = (local: Verdict, remote: Verdict): Verdict => (gravity[remote.is] > gravity[local.is] ? remote : local);
