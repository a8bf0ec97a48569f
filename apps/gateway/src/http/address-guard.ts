import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { Allowance, RateLimit, RateLimits } from '@hark/service';
import { addressName } from './address-name';

/** What a refused call costs an address, as against 1 for one whose caller nobody knows and 0 for one that is known. */
export const refusalCost = 20;
/** How many tokens are remembered that were good of late; the one that has not come for longest goes first. */
const provenMax = 10_000;

/** Refusals of whoever tries keys, sessions or paths; a caller who is known does not get them by using the hub. */
const trials: ReadonlySet<string> = new Set([
  'key.invalid',
  'credential.required',
  'credential.not-enough',
  'credential.misplaced',
  'credential.in-url',
  'session.required',
  'session.invalid',
  'route.unknown',
  'method.not-allowed',
  'request.malformed',
]);

/**
 * Counts every call by the address it comes from, before anybody asks whose it is: somebody who tries invented keys,
 * tokens or paths is slowed down after a few, whoever they claim to be. Neighbours behind the same address are not locked out by
 * them: a token that was good of late is let through.
 */
export class AddressGuard {
  private readonly proven = new LRUCache<string, true>({ max: provenMax });

  constructor(
    private readonly rates: RateLimits,
    private readonly limit: RateLimit,
  ) {}

  /** Counts one call; `request.rate-limited` when the address has used up its share. Undefined where nothing is limited. */
  admit(address: string, bearer: string | undefined): Allowance | undefined {
    if (this.limit.perSecond === 0) return undefined;
    const allowance = this.rates.take(addressName(address), this.limit, performance.now());
    if (allowance.allowed || (bearer !== undefined && this.proven.has(bearer))) return allowance;
    throw new HarkError('refused', 'request.rate-limited', 'too many requests', {
      extra: { retryAfter: allowance.retryAfterSeconds },
    });
  }

  /** The call's token was good: it counts against its owner, and no longer against the address. */
  proved(address: string, bearer: string): void {
    if (this.limit.perSecond === 0) return;
    this.rates.charge(addressName(address), this.limit, -1, performance.now());
    this.proven.set(bearer, true);
  }

  /** A call ended with this code: a trial costs the address more than a call, and its token is no longer trusted. */
  refused(address: string, code: string, bearer: string | undefined): void {
    if (this.limit.perSecond === 0 || !trials.has(code)) return;
    if (bearer !== undefined) this.proven.delete(bearer);
    this.rates.charge(addressName(address), this.limit, refusalCost - 1, performance.now());
  }
}
