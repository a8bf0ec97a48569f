import { Injectable } from '@nestjs/common';
import { HarkError } from '@hark/kernel';
import { Config, RateLimit, RateLimits, setting } from '@hark/service';

const shape = {
  HARK_PUSH_RATE_PER_OWNER: setting.perSecond().default(1_000),
  HARK_PUSH_RATE_PER_RECIPIENT: setting.perSecond().default(20),
};
/** How many seconds of its rate a bucket holds: an owner's pushes to a crowd at once, a person's of half a minute. */
const ownerBurstSeconds = 2;
const recipientBurstSeconds = 30;

/**
 * How many pushes an owner may send with all apps and keys together, and how many of them to one person. The count per
 * person is also per owner, so that one owner cannot use up another's. Kept in this process: replicas allow the full
 * rate each.
 */
@Injectable()
export class PushRates {
  private readonly rates = new RateLimits();
  private readonly limits: readonly RateLimit[];

  constructor(config: Config) {
    const { HARK_PUSH_RATE_PER_OWNER: perOwner, HARK_PUSH_RATE_PER_RECIPIENT: perRecipient } = config.read(shape);
    this.limits = [
      { name: 'recipient', perSecond: perRecipient, burst: perRecipient * recipientBurstSeconds },
      { name: 'owner', perSecond: perOwner, burst: perOwner * ownerBurstSeconds },
    ];
  }

  /** Counts one push; `push.rate-limited` with `retryAfter` when there were too many. */
  take(ownerId: string, personId: string): void {
    for (const limit of this.limits) {
      if (limit.perSecond === 0) continue;
      const who = limit.name === 'owner' ? ownerId : `${ownerId} ${personId}`;
      const { allowed, retryAfterSeconds } = this.rates.take(who, limit, performance.now());
      if (allowed) continue;
      throw new HarkError('refused', 'push.rate-limited', `too many pushes of one ${limit.name}`, {
        extra: { retryAfter: retryAfterSeconds },
      });
    }
  }
}
