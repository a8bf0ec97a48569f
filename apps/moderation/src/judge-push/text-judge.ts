import { Injectable } from '@nestjs/common';
import { aadOf, PushContent, PushedEvent } from '@hark/contracts';
import { Pushed } from '@hark/gate';
import { Vault } from '@hark/vault';
import { messageText } from '../domain/message-text';
import { Verdict } from '../domain/moderation.decider';
import { viewsOf } from '../domain/views';
import { RulesInForce } from '../rules-in-force.store';
import { WechatJudge, WechatVerdict } from './wechat-judge';

/** The chain's verdict on a push's text, in the words of the events. */
export interface Judged {
  readonly verdict: Verdict;
  readonly ruleVersion: string;
  readonly wechat: WechatVerdict['is'];
  readonly traceId?: string;
}

/** Which text of the push a verdict is about, as its event says it. */
export const editionOf = ({ edition }: Pick<Pushed, 'edition'>) => (edition > 0 ? { edition } : {});

/** The chain: the local rules first, then WeChat. A text without a verdict in time is held, never passed. */
@Injectable()
export class TextJudge {
  constructor(
    private readonly rules: RulesInForce,
    private readonly wechat: WechatJudge,
    private readonly vault: Vault,
  ) {}

  /**
   * The verdict on a push, within 26 s at worst. `isStillWanted` is asked before WeChat, which may take long; when it
   * says no, the answer is null.
   */
  async judge(
    pushId: string,
    pushed: PushedEvent['data'],
    isStillWanted: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<Judged | null> {
    const rules = await this.rules.current();
    const ruleVersion = rules.version;
    const unasked = this.wechat.isOn ? 'not-judged' : 'off';
    const content = await this.vault.open(pushed.content, aadOf.content(pushId));
    // The person is erased: there is no text to judge and nobody to deliver it to.
    if (content === undefined)
      return { verdict: { is: 'blocked', label: 'person-erased' }, ruleVersion, wechat: unasked };
    const text = messageText(JSON.parse(content) as PushContent);
    const local = rules.judge(text);
    if (local.is === 'block') return { verdict: { is: 'blocked', label: local.label }, ruleVersion, wechat: unasked };
    const { contentHash, ownerId, personId } = pushed;
    if (!this.wechat.knows(contentHash) && !(await isStillWanted())) return null;
    const wechat = await this.wechat.judge({ contentHash, text: textForWechat(text), userIds: [ownerId, personId] });
    const verdict = worse(
      local.is === 'hold' ? { is: 'held', label: local.label } : { is: 'passed' },
      verdictOf(wechat),
    );
    return { verdict, ruleVersion, wechat: wechat.is, ...('traceId' in wechat && { traceId: wechat.traceId }) };
  }
}

/** The text as sent and, where that differs, as its reader's programs decode it, because WeChat decodes nothing. */
function textForWechat(text: string): string {
  const read = viewsOf(text).at(-1)!;
  return read === text ? text : `${text}\n${read}`;
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

/** The graver of two verdicts; the local one where they are equally grave. */
const worse = (local: Verdict, remote: Verdict): Verdict => (gravity[remote.is] > gravity[local.is] ? remote : local);
