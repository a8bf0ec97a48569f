import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Outbound } from '@hark/outbound';
import { BackOff, entriesAtMost, pause, withTimeout } from '@hark/resilience';
import { NoVerdict, TextVerdict, WechatClient } from '@hark/wechat';
import { labelOfWechat } from '../domain/labels';
import { ModerationConfig } from '../moderation.config';
import { Outage } from './outage';
import { WechatOpenids } from './wechat-openids';

/** WeChat's verdict, in the words of the events. */
export type WechatVerdict =
  | { readonly is: 'off' | 'not-judged' | 'unavailable' }
  | { readonly is: 'pass'; readonly traceId: string }
  | { readonly is: 'review' | 'risky'; readonly label: string; readonly traceId: string };

/** A text, and the users whose openids WeChat may be asked with: the app's owner first, then the recipient. */
export interface TextOf {
  readonly contentHash: string;
  readonly text: string;
  readonly userIds: readonly string[];
}

/**
 * How long an outage is waited out. Must stay below a reaction's time limit and the group's message time-out of 30 s.
 */
const patienceMs = 20_000;
/** The longest that one try may take in all; WeChat judges long texts piece by piece. */
const tryMs = 6_000;
const firstPauseMs = 250;
const longestPauseMs = 4_000;
/** More tries than fit into the patience, even with the shortest pauses. */
const triesMax = 16;
const probeMs = 1_000;
/** How long WeChat's word that somebody is not in the mini program is believed. Short, because they may come back. */
const inactiveMs = 5_000;
const inactiveMax = 10_000;
const verdictMs = 600_000;
const verdictsMax = 20_000;
/** How exactly these times are kept, in milliseconds. By default every look sets a timer of one. */
const ttlResolution = 500;

const nobodyThere: ReadonlySet<NoVerdict> = new Set(['not-active', 'openid']);
const worthWaiting: ReadonlySet<NoVerdict> = new Set(['busy', 'network', 'timeout', 'malformed']);

/**
 * Asks WeChat about texts. Never throws for what WeChat does; stores that are away are `unavailable` errors as usual.
 * Asks only once about equal texts, also while the answer is under way. Only verdicts are remembered, never the lack of
 * one.
 */
@Injectable()
export class WechatJudge implements OnModuleDestroy {
  /** Questions put to WeChat so far. */
  asked = 0;
  private readonly outbound: Outbound | null = null;
  private readonly client: WechatClient | null = null;
  private patienceMs = patienceMs;
  private outage = new Outage(patienceMs, probeMs);
  private readonly inactive = new LRUCache<string, true>({
    ...entriesAtMost(inactiveMax),
    ttl: inactiveMs,
    ttlResolution,
  });
  private readonly verdicts = new LRUCache<string, Promise<WechatVerdict>>({
    ...entriesAtMost(verdictsMax),
    ttl: verdictMs,
    ttlResolution,
  });

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

  /** Waits out an outage for so long from now on, instead of 20 s, which is long for a test. Forgets a known outage. */
  waitAtMost(ms: number): void {
    this.patienceMs = ms;
    this.outage = new Outage(ms, probeMs);
  }

  /** Whether the answer on this text is known or under way. */
  knows(contentHash: string): boolean {
    return this.client === null || this.verdicts.get(contentHash) !== undefined;
  }

  /** The verdict on a text, within 26 s at worst. */
  async judge(text: TextOf): Promise<WechatVerdict> {
    const { client } = this;
    if (client === null) return { is: 'off' };
    const known = await this.verdicts.get(text.contentHash);
    // An equal text of another push may lack a verdict because its own people were away; try with this push's people.
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
    const endMs = performance.now() + this.patienceMs;
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
      // only the wait ends here: the call ends by its own time-outs
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
