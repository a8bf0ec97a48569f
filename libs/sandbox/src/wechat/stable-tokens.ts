import { randomBytes } from 'node:crypto';
import type { MovingClock } from '../control/moving-clock';
import { WeChatRefusal } from './wechat-reply';

const lifetimeMs = 7_200_000;
const overlapMs = 300_000;
const forcePauseMs = 30_000;
const forcesPerDayMax = 20;
const rememberedMax = 100;
const dayMs = 86_400_000;
const shanghaiAheadMs = 8 * 3_600_000;

interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
  killed: boolean;
}

/** The access tokens of one mini program (WeChat docs: getStableAccessToken). */
export class StableTokens {
  /** Newest last; older ones are remembered to tell "expired" from "never issued". */
  private tokens: Token[] = [];
  private forced = { day: -1, count: 0, atMs: -Infinity };

  constructor(private readonly clock: MovingClock) {}

  /**
   * Normal mode: the same token while it is valid, a new one in its last five minutes, when both work. Force mode: a
   * new token and the death of every other, but not within 30 s of the last time; refused after 20 in a day (Shanghai).
   */
  issue(force: boolean): { access_token: string; expires_in: number } {
    const now = this.clock.nowMs();
    const token = force ? this.force(now) : this.current(now);
    return { access_token: token.value, expires_in: Math.floor((token.expiresAtMs - now) / 1000) };
  }

  /** Throws what the platform says about a token that does not (or no longer) work. */
  check(value: string | null): void {
    if (!value) throw new WeChatRefusal(41001, 'access_token missing');
    const token = this.tokens.find((known) => known.value === value);
    if (!token) throw new WeChatRefusal(40014, 'invalid access_token');
    if (token.killed) {
      throw new WeChatRefusal(40001, 'invalid credential, access_token is invalid or not latest');
    }
    if (token.expiresAtMs <= this.clock.nowMs()) throw new WeChatRefusal(42001, 'access_token expired');
  }

  reset(): void {
    this.tokens = [];
    this.forced = { day: -1, count: 0, atMs: -Infinity };
  }

  private current(now: number): Token {
    const newest = this.tokens.at(-1);
    return newest && !newest.killed && newest.expiresAtMs - now > overlapMs ? newest : this.make(now);
  }

  private force(now: number): Token {
    if (now - this.forced.atMs < forcePauseMs) return this.current(now);
    const day = Math.floor((now + shanghaiAheadMs) / dayMs);
    const count = day === this.forced.day ? this.forced.count + 1 : 1;
    if (count > forcesPerDayMax) throw new WeChatRefusal(45009, 'reach max api daily quota limit');
    this.forced = { day, count, atMs: now };
    for (const token of this.tokens) token.killed = true;
    return this.make(now);
  }

  private make(now: number): Token {
    const value = randomBytes(96).toString('base64url');
    const token: Token = { value, expiresAtMs: now + lifetimeMs, killed: false };
    this.tokens = [...this.tokens, token].slice(-rememberedMax);
    return token;
  }
}
