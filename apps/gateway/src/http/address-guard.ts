import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { Allowance, RateLimit, RateLimits } from '@hark/service';
import { addressName } from './address-name';

/** What a refused call costs an address. A call of an unknown caller costs 1, one of a known caller 0. */
export const refusalCost = 20;
/** How many tokens that were good of late are remembered; the one unused for longest goes first. */
const provenMax = 10_000;
/** How many that were refused of late. */
const refusedMax = 10_000;

/** Refusals that come from trying keys, sessions or paths. A known caller does not meet them in ordinary use. */
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
 * Counts every call by the address it comes from, before the caller is known. Whoever tries invented keys, tokens or
 * paths is slowed down after a few. Others behind the same address are not locked out: a token that was good of late is
 * let through, and so is an access token that we have signed, which one can see without asking anybody: when all of a
 * school come back at once to a gateway that remembers none of them, they are counted as who they are.
 */
export class AddressGuard {
  private readonly proven = new LRUCache<string, true>(entriesAtMost(provenMax));
  /** A signed token of a session that has ended is no better than an invented one. */
  private readonly refusedLately = new LRUCache<string, true>(entriesAtMost(refusedMax));

  constructor(
    private readonly rates: RateLimits,
    private readonly limit: RateLimit,
    private readonly isSigned: (token: string) => Promise<boolean>,
  ) {}

  /** As `admit`; a call with an access token that we have signed is let in, too. */
  async admitCaller(address: string, bearer: string | undefined): Promise<Allowance | undefined> {
    try {
      return this.admit(address, bearer);
    } catch (error) {
      if (bearer === undefined || this.refusedLately.has(bearer) || !(await this.isSigned(bearer))) throw error;
      return undefined;
    }
  }

  /**
   * Counts one call; throws `request.rate-limited` when the address has used up its share. Undefined without a limit.
   */
  admit(address: string, bearer: string | undefined): Allowance | undefined {
    if (this.limit.perSecond === 0) return undefined;
    const allowance = this.rates.take(addressName(address), this.limit, performance.now());
    if (allowance.allowed || (bearer !== undefined && this.proven.has(bearer))) return allowance;
    throw new HarkError('refused', 'request.rate-limited', 'too many requests', {
      extra: { retryAfter: allowance.retryAfterSeconds },
    });
  }

  /** The token was good: the call counts against its owner and no longer against the address. */
  proved(address: string, bearer: string): void {
    if (this.limit.perSecond === 0) return;
    this.rates.charge(addressName(address), this.limit, -1, performance.now());
    this.proven.set(bearer, true);
  }

  /** A call ended with this code. When that shows a trial, the address pays more and the token is trusted no longer. */
  refused(address: string, code: string, bearer: string | undefined): void {
    if (this.limit.perSecond === 0 || !trials.has(code)) return;
    if (bearer !== undefined) {
      this.proven.delete(bearer);
      this.refusedLately.set(bearer, true);
    }
    this.rates.charge(addressName(address), this.limit, refusalCost - 1, performance.now());
  }
}
