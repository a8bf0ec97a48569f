import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { entriesAtMost } from '@hark/resilience';
import { OutboundError, OutboundReason } from './outbound-error';

const originsMax = 2_000;
const openMs = 30_000;
const foreignFailuresMax = 10;
// A configured origin carries most of the traffic, so its share of failures decides, never a handful of calls.
const configuredSampling = { threshold: 0.5, duration: 10_000, minimumRps: 5 };
const configuredOpenMs = 5_000;
const tripping: ReadonlySet<OutboundReason> = new Set(['unreachable', 'timeout', 'unknown-outcome']);
const trippingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * One circuit breaker per origin. Only failures of the transport and 502–504 trip it, never a provider's verdict on one
 * request: one bad device key must not silence everybody else on that server.
 */
export class Breakers {
  private readonly policies = new LRUCache<string, CircuitBreakerPolicy>(entriesAtMost(originsMax));

  /** Runs `work`, or fails with `busy` at once while the origin's breaker is open. */
  async run<T extends { status: number }>(origin: string, configured: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await this.policyOf(origin, configured).execute(work);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new OutboundError('busy', 'breaker-open');
      throw error;
    }
  }

  private policyOf(origin: string, configured: boolean): CircuitBreakerPolicy {
    const key = `${configured ? 'configured' : 'foreign'} ${origin}`;
    const policy = this.policies.get(key) ?? newPolicy(configured);
    this.policies.set(key, policy);
    return policy;
  }
}

const newPolicy = (configured: boolean): CircuitBreakerPolicy =>
  circuitBreaker(
    handleWhen((error) => error instanceof OutboundError && tripping.has(error.reason)).orWhenResult((reply) =>
      trippingStatuses.has((reply as { status: number }).status),
    ),
    configured
      ? { halfOpenAfter: configuredOpenMs, breaker: new SamplingBreaker(configuredSampling) }
      : { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(foreignFailuresMax) },
  );
