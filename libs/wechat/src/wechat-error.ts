import type { FailureClass } from '@hark/outbound';

/** A failed call to WeChat's server API. Holds no openid, token, session key or text: it may be logged. */
export class WechatError extends Error {
  override readonly name = 'WechatError';

  constructor(
    readonly providerClass: FailureClass,
    /** `errcode 40029`, `http 502`, or why no answer came. */
    readonly detail: string,
    readonly errcode?: number,
    /** WeChat's id of the request, for its support and `POST /cgi-bin/openapi/rid/get`. */
    readonly rid?: string,
  ) {
    super(`wechat ${providerClass}: ${detail}${rid === undefined ? '' : ` rid ${rid}`}`);
  }

  /** How long to wait, where WeChat's answer implies it. */
  get retryAfterMs(): number | undefined {
    if (this.errcode === 43108) return sameUserMs;
    return this.providerClass === 'THROTTLED' ? minuteMs : undefined;
  }

  /** True when the client must call `wx.login` again: the code is spent, or may be. */
  get loginAgain(): boolean {
    return this.providerClass === 'UNKNOWN_OUTCOME' || spentCode.has(this.errcode ?? 0);
  }
}

const sameUserMs = 1_000;
const minuteMs = 60_000;
const spentCode: ReadonlySet<number> = new Set([40029, 40163, 41008]);
