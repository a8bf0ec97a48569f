/** How many requests somebody may make: `perSecond` for ever, and `burst` at once. 0 a second means any number. */
export interface RateLimit {
  readonly name: 'caller' | 'address';
  readonly perSecond: number;
  readonly burst: number;
}

/** What is left to somebody after a request. */
export interface Allowance {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until everything is there again. */
  readonly resetSeconds: number;
  /** Until the next request is allowed; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Whoever has not been seen for longest is forgotten, and starts anew with a full burst. */
const bucketsMax = 50_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket for everyone who asks. Kept in this process: with several gateways each allows as much. */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  /** Takes one request of `limit` from `who`. `nowMs` never goes back: give it a monotonic clock. */
  take(who: string, limit: RateLimit, nowMs: number): Allowance {
    const key = `${limit.name}:${who}`;
    const bucket = this.buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > bucketsMax) this.buckets.delete(this.buckets.keys().next().value!);

    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * limit.perSecond);
    bucket.atMs = nowMs;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens--;
    return {
      allowed,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil((limit.burst - bucket.tokens) / limit.perSecond),
      retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond)),
    };
  }
}

/** `RateLimit-Policy` and `RateLimit` as the IETF httpapi draft writes them. */
export const rateLimitHeaders = (limit: RateLimit, allowance: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"${limit.name}";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`,
  ratelimit: `"${limit.name}";r=${allowance.remaining};t=${allowance.resetSeconds}`,
});

/** Who an address is: of IPv6 the first 64 bits, since one subscriber has them all. */
export function addressName(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}
