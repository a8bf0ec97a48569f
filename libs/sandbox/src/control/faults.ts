import type { ProviderName } from './journal';

/** Fault plans that may stand at once. */
export const faultsMax = 100;

export const faultModes = ['ok', 'slow', 'error', 'reset', 'rate-limit', 'hang'] as const;
export type FaultMode = (typeof faultModes)[number];

/** What is to go wrong. */
export interface Fault {
  readonly provider: ProviderName;
  /**
   * `slow`: the right answer after `delayMs` · `error`: the provider's own kind of error · `reset`: the connection is
   * cut · `rate-limit`: the provider's own refusal for speed · `hang`: no answer, connection open.
   */
  readonly mode: Exclude<FaultMode, 'ok'>;
  /** How many requests it strikes; undefined strikes until it is taken back. */
  readonly times?: number | undefined;
  /** For `error`: the HTTP status or SMTP code to answer with. */
  readonly status?: number | undefined;
  readonly delayMs?: number | undefined;
  /** Strikes only requests whose path or body contains this, such as the key of a device; mail: whose recipient does. */
  readonly match?: string | undefined;
  /** With `error`, `reset`, `hang`: the request takes effect first; only its answer is lost or wrong. */
  readonly accepted?: boolean | undefined;
}

/** The fault plans. Of several that fit a request, the one set last strikes. */
export class Faults {
  private plans: { fault: Fault; left: number }[] = [];

  /** Replaces the plan with the same provider and match. False when there are too many already. */
  set(fault: Fault): boolean {
    this.plans = this.plans.filter(
      (plan) => plan.fault.provider !== fault.provider || plan.fault.match !== fault.match,
    );
    if (this.plans.length >= faultsMax) return false;
    this.plans.push({ fault, left: fault.times ?? Infinity });
    return true;
  }

  /** Takes back the plan with this match, or, without a match, every plan of the provider. */
  clear(provider: ProviderName, match?: string): void {
    this.plans = this.plans.filter(
      ({ fault }) => fault.provider !== provider || (match !== undefined && fault.match !== match),
    );
  }

  /** The fault this request must suffer, counted off; undefined lets it through. */
  take(provider: ProviderName, target: string): Fault | undefined {
    const plan = this.plans.findLast(
      ({ fault }) => fault.provider === provider && (fault.match === undefined || target.includes(fault.match)),
    );
    if (!plan) return undefined;
    if (--plan.left <= 0) this.plans.splice(this.plans.indexOf(plan), 1);
    return plan.fault;
  }

  reset(): void {
    this.plans = [];
  }
}
