import { requestId, WeChatRefusal } from './wechat-reply';

/** Verdicts that may be configured at once. */
export const verdictsMax = 1_000;

const contentMax = 2_500;
const contentV1MaxBytes = 512_000;
export const suggestions = ['pass', 'review', 'risky'] as const;
export type Suggestion = (typeof suggestions)[number];

/** A rule of the stand-in: a text that contains this gets that verdict. */
export interface Verdict {
  readonly contains: string;
  readonly suggest: Suggestion;
  /**
   * WeChat docs: msgSecCheck, return value `label`: 100 normal · 10001 ads · 20001 politics · 20002 porn · 20003 abuse
   * · 20006 crime · 20008 fraud · 21000 other …
   */
  readonly label: number;
}

/** The platform's own old test texts (WeChat docs: security.msgSecCheck): always flagged. */
export const officialTestTexts = [
  '特3456书yuuo莞6543李zxcz蒜7782法fgnv级',
  '完2347全dfji试3726测asad感3847知qwez到',
] as const;

const builtIn: readonly Verdict[] = officialTestTexts.map((contains) => ({ contains, suggest: 'risky', label: 20006 }));

/** The answer of `msg_sec_check` to a text. */
export class ContentCheck {
  private verdicts: Verdict[] = [];

  /** Adds or replaces the verdict for a text; false when there are too many. */
  set(verdict: Verdict): boolean {
    this.verdicts = this.verdicts.filter((known) => known.contains !== verdict.contains);
    return this.verdicts.length < verdictsMax && this.verdicts.push(verdict) > 0;
  }

  reset(): void {
    this.verdicts = [];
  }

  /** Version 2 never answers a text with an errcode; throws only for a content over 2 500 characters. */
  check(content: string, ...others: readonly string[]): object {
    // WeChat does not document this case; its parameter check most likely answers 47001.
    if ([...content].length > contentMax) throw new WeChatRefusal(47001, 'data format error, content is too long');
    const hits = this.hits([content, ...others].join('\n'));
    const { suggest, label } = hits[0] ?? { suggest: 'pass', label: 100 };
    return {
      result: { suggest, label },
      detail: [
        { strategy: 'content_model', errcode: 0, suggest, label, prob: 90 },
        ...hits.map((hit) => ({
          strategy: 'keyword',
          errcode: 0,
          suggest: hit.suggest,
          label: hit.label,
          level: 90,
          keyword: hit.contains,
        })),
      ],
      trace_id: requestId(),
    };
  }

  /** Version 1, unmaintained since 2021-09-01 (WeChat docs: msgSecCheck): errcode 87014 is the verdict. */
  checkV1(content: string): void {
    if (Buffer.byteLength(content) > contentV1MaxBytes) throw new WeChatRefusal(47001, 'data format error');
    if (this.hits(content)[0]?.suggest === 'risky') throw new WeChatRefusal(87014, 'risky content');
  }

  /** Every rule that applies, worst first. */
  private hits(text: string): Verdict[] {
    return [...builtIn, ...this.verdicts]
      .filter((verdict) => text.includes(verdict.contains))
      .sort((a, b) => suggestions.indexOf(b.suggest) - suggestions.indexOf(a.suggest));
  }
}
