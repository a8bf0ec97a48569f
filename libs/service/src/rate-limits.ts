import { LRUCache } from 'lru-cache';
import { entriesAtMost } from '@hark/resilience';

/** How many requests a caller may make: `perSecond` continuously and `burst` at once. 0 a second means no limit. */
export interface RateLimit {
  /** Separates the buckets of different limits, and is the name in the headers. */
  readonly name: string;
  readonly perSecond: number;
  readonly burst: number;
}

/** What a caller has left after a request. */
export interface Allowance {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly resetSeconds: number;
  /** Seconds until the next request is allowed; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Whoever has not been seen for longest is forgotten, and starts anew with a full burst. */
const bucketsMax = 50_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** One token bucket per caller, kept in this process: several gateways allow the full rate each. */
export class RateLimits {
  private readonly buckets = new LRUCache<string, Bucket>(entriesAtMost(bucketsMax));

  /**
   * Takes one request of `limit` from `who`, or one that counts as `count`: all of it or nothing. More than a burst needs
   * a full bucket and leaves a debt, so that the rate holds. `nowMs` never goes back: give it a monotonic clock.
   */
  take(who: string, limit: RateLimit, nowMs: number, count = 1): Allowance {
    const bucket = this.filled(who, limit, nowMs);
    const needed = Math.min(count, limit.burst);
    const allowed = bucket.tokens >= needed;
    if (allowed) bucket.tokens -= count;
    return {
      allowed,
      remaining: Math.max(0, Math.floor(bucket.tokens)),
      resetSeconds: Math.ceil((limit.burst - bucket.tokens) / limit.perSecond),
      retryAfterSeconds: Math.max(1, Math.ceil((needed - bucket.tokens) / limit.perSecond)),
    };
  }

  /**
   * Takes `requests` more from `who`, or gives them back when negative, whatever is left. The debt never exceeds a
   * burst, so nobody waits longer than for two bursts.
   */
  charge(who: string, limit: RateLimit, requests: number, nowMs: number): void {
    const bucket = this.filled(who, limit, nowMs);
    bucket.tokens = Math.min(limit.burst, Math.max(-limit.burst, bucket.tokens - requests));
  }

  private filled(who: string, limit: RateLimit, nowMs: number): Bucket {
    const key = `${limit.name}:${who}`;
    const bucket = this.buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
    this.buckets.set(key, bucket);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * limit.perSecond);
    bucket.atMs = nowMs;
    return bucket;
  }
}

/** `RateLimit-Policy` and `RateLimit` as the IETF httpapi draft writes them. */
export const rateLimitHeaders = (limit: RateLimit, allowance: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"${limit.name}";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`,
  ratelimit: `"${limit.name}";r=${allowance.remaining};t=${allowance.resetSeconds}`,
});
