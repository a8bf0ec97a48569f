import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Outbound } from '@hark/outbound';
import { BackOff, pause, withTimeout } from '@hark/resilience';
import { NoVerdict, TextVerdict, WechatClient } from '@hark/wechat';
import { labelOfWechat } from '../domain/labels';
import { ModerationConfig } from '../moderation.config';
import { Outage } from './outage';
import { WechatOpenids } from './wechat-openids';

/** WeChat's part of a verdict, in the words of the events. */
export type WechatVerdict =
  | { readonly is: 'off' | 'not-judged' | 'unavailable' }
  | { readonly is: 'pass'; readonly traceId: string }
  | { readonly is: 'review' | 'risky'; readonly label: string; readonly traceId: string };

/** A text, and who may vouch for being there: the app's owner first, then the recipient. */
export interface TextOf {
  readonly contentHash: string;
  readonly text: string;
  readonly userIds: readonly string[];
}

/** How long an outage is waited out; less than a reaction may take, and than the group's message timeout of 30 s. */
const patienceMs = 20_000;
/** How long one try may take in all: WeChat judges long texts piece by piece. */
const tryMs = 6_000;
const firstPauseMs = 250;
const longestPauseMs = 4_000;
/** More than there are pauses in the patience, were each as short as it may be. */
const triesMax = 16;
const probeMs = 1_000;
/** How long it is believed that somebody is not in the mini program: whoever comes back is asked for at once, nearly. */
const inactiveMs = 5_000;
const inactiveMax = 10_000;
const verdictMs = 600_000;
const verdictsMax = 20_000;

const nobodyThere: ReadonlySet<NoVerdict> = new Set(['not-active', 'openid']);
const worthWaiting: ReadonlySet<NoVerdict> = new Set(['busy', 'network', 'timeout', 'malformed']);

/**
 * Asks WeChat about texts. Never throws for what WeChat does; stores that are away are `unavailable` errors as usual.
 * Equal texts are asked about once, also while the answer is under way; no verdict is never remembered as one.
 */
@Injectable()
export class WechatJudge implements OnModuleDestroy {
  /** Questions put to WeChat so far. */
  asked = 0;
  private readonly outbound: Outbound | null = null;
  private readonly client: WechatClient | null = null;
  private readonly outage = new Outage(patienceMs, probeMs);
  private readonly inactive = new LRUCache<string, true>({ max: inactiveMax, ttl: inactiveMs });
  private readonly verdicts = new LRUCache<string, Promise<WechatVerdict>>({ max: verdictsMax, ttl: verdictMs });

  constructor(
    { wechat }: ModerationConfig,
    private readonly openids: WechatOpenids,
  ) {
    if (!wechat) return;
    this.outbound = new Outbound({ allowOrigins: [wechat.baseUrl], proxyUrl: wechat.proxyUrl });
    this.client = new WechatClient({ ...wechat, outbound: this.outbound });
  }

  get isOn(): boolean {
    return this.client !== null;
  }

  /** Whether an answer on this text is at hand or under way. */
  knows(contentHash: string): boolean {
    return this.client === null || this.verdicts.get(contentHash) !== undefined;
  }

  /** The verdict on a text, within some 26 s at worst. */
  async judge(text: TextOf): Promise<WechatVerdict> {
    const { client } = this;
    if (client === null) return { is: 'off' };
    const known = await this.verdicts.get(text.contentHash);
    // That nobody of theirs was there says nothing of the people of this push.
    if (known && known.is !== 'not-judged') return known;
    const verdict = this.ask(client, text);
    this.verdicts.set(text.contentHash, verdict);
    const forget = () => this.verdicts.peek(text.contentHash) === verdict && this.verdicts.delete(text.contentHash);
    verdict.then(({ is }) => (is === 'not-judged' || is === 'unavailable') && forget(), forget);
    return verdict;
  }

  async onModuleDestroy(): Promise<void> {
    await this.outbound?.close();
  }

  private async ask(client: WechatClient, { text, userIds }: TextOf): Promise<WechatVerdict> {
    const endMs = performance.now() + patienceMs;
    for (const userId of new Set(userIds)) {
      if (this.inactive.get(userId)) continue;
      const openid = await this.openids.of(userId);
      if (openid === null) continue;
      const verdict = await this.waitedFor(() => client.msgSecCheck({ text, openid }), endMs);
      if (verdict.is !== 'unavailable') {
        const { traceId } = verdict;
        return verdict.is === 'pass'
          ? { is: 'pass', traceId }
          : { is: verdict.is, label: labelOfWechat(verdict.label), traceId };
      }
      if (!nobodyThere.has(verdict.why)) return { is: 'unavailable' };
      this.inactive.set(userId, true);
    }
    return { is: 'not-judged' };
  }

  /** Tries until there is an answer, the patience ends, or waiting would not help. */
  private async waitedFor(check: () => Promise<TextVerdict>, latestMs: number): Promise<TextVerdict> {
    const backOff = new BackOff(firstPauseMs, longestPauseMs);
    for (let tries = 1; ; tries += 1) {
      const patienceEndMs = this.outage.patienceEndsMs();
      if (patienceEndMs === null) return { is: 'unavailable', why: 'network' };
      const endMs = Math.min(latestMs, patienceEndMs);
      this.asked += 1;
      // The call itself ends by its own timeouts.
      const verdict = await withTimeout(tryMs, check(), () => ({ is: 'unavailable', why: 'timeout' }) as const);
      if (verdict.is !== 'unavailable' || nobodyThere.has(verdict.why)) {
        this.outage.answered();
        return verdict;
      }
      if (!worthWaiting.has(verdict.why)) return verdict;
      this.outage.failed();
      const leftMs = endMs - performance.now();
      if (tries >= triesMax || leftMs <= 0) return verdict;
      await pause(Math.min(backOff.nextMs(), leftMs));
    }
  }
}
