import type { ProviderName } from './journal';

/** The most fault plans at one time. */
export const faultsMax = 100;

export const faultModes = ['ok', 'slow', 'error', 'reset', 'rate-limit', 'hang'] as const;
export type FaultMode = (typeof faultModes)[number];

/** A fault to inject. */
export interface Fault {
  readonly provider: ProviderName;
  /**
   * `slow`: the right answer after `delayMs` · `error`: the provider's own kind of error · `reset`: the connection is
   * cut · `rate-limit`: the provider's own refusal for speed · `hang`: no answer, connection open.
   */
  readonly mode: Exclude<FaultMode, 'ok'>;
  /** How many requests it applies to; undefined: all until it is removed. */
  readonly times?: number | undefined;
  /** For `error`: the HTTP status or SMTP code to answer with; a redirect leads back to where it came from. */
  readonly status?: number | undefined;
  /** For `error` of WeChat: the errcode to answer with. */
  readonly errcode?: number | undefined;
  /** For `error`: the text of the answer, such as `4.2.1 mailbox busy` or `push failed: PayloadTooLarge`. */
  readonly message?: string | undefined;
  readonly delayMs?: number | undefined;
  /**
   * Applies only to requests whose path or body contains this, such as a device key; for mail: whose recipient does.
   */
  readonly match?: string | undefined;
  /** With `error`, `reset`, `hang`: the request takes effect first; only its answer is lost or wrong. */
  readonly accepted?: boolean | undefined;
}

/** A fault applied to one request. */
export interface Strike extends Fault {
  /** Aborts when the fault is removed or replaced: requests that it delays go on at once. */
  readonly lifted: AbortSignal;
}

interface Plan {
  readonly fault: Fault;
  left: number;
  readonly lifting: AbortController;
}

/** The fault plans. When several fit a request, the latest one applies. */
export class Faults {
  /** Used-up plans are kept, so that the requests they hold up can be released. */
  private plans: Plan[] = [];

  /** Replaces the plan with the same provider and match. False when there are too many already. */
  set(fault: Fault): boolean {
    this.lift((plan) => plan.fault.provider === fault.provider && plan.fault.match === fault.match);
    if (this.plans.length >= faultsMax) this.plans = this.plans.filter(({ left }) => left > 0);
    if (this.plans.length >= faultsMax) return false;
    this.plans.push({ fault, left: fault.times ?? Infinity, lifting: new AbortController() });
    return true;
  }

  /** Takes back the plan with this match, or, without a match, every plan of the provider. */
  clear(provider: ProviderName, match?: string): void {
    this.lift(({ fault }) => fault.provider === provider && (match === undefined || fault.match === match));
  }

  /** The fault for this request, which is counted; undefined lets the request through. */
  take(provider: ProviderName, target: string): Strike | undefined {
    const plan = this.plans.findLast(
      ({ fault, left }) =>
        left > 0 && fault.provider === provider && (fault.match === undefined || target.includes(fault.match)),
    );
    if (!plan) return undefined;
    plan.left -= 1;
    return { ...plan.fault, lifted: plan.lifting.signal };
  }

  reset(): void {
    this.lift(() => true);
  }

  private lift(isMeant: (plan: Plan) => boolean): void {
    const lifted = this.plans.filter(isMeant);
    this.plans = this.plans.filter((plan) => !lifted.includes(plan));
    for (const { lifting } of lifted) lifting.abort();
  }
}
