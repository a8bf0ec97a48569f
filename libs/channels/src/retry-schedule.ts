import { IsoTime, plusMs } from '@hark/kernel';
import type { FailureClass } from '@hark/outbound';
import { SendResult } from './channel';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * The wait after the first, second, … failed try; the last one repeats. RFC 5321 4.5.4.1 asks for 30 minutes and more,
 * with earlier tries at the start. A hiccup (a restart, a lost connection) gets one early extra try.
 */
const waits = {
  refused: [5 * minute, 30 * minute, hour],
  hiccup: [5 * second, 5 * minute, 30 * minute, hour],
  /** The hub had no room; nothing was sent. */
  busy: [second, 2 * second, 5 * second, 15 * second, minute, 5 * minute],
} as const;

type Kind = keyof typeof waits;

/** The failures that pass, and their schedule. Every other class is final. */
const passing: Partial<Readonly<Record<FailureClass, Kind>>> = {
  THROTTLED: 'refused',
  QUOTA_DAY: 'refused',
  TRANSIENT: 'hiccup',
  AUTH_REFRESH: 'hiccup',
};

/** The longest wait that an answer can ask for. */
const retryAfterMsMax = 6 * hour;
/** Random part of each wait, as a share of the usual one: pushes refused together must not come back together. */
const jitterShares: Readonly<Record<Kind, number>> = { refused: 0.1, hiccup: 0.1, busy: 1 };

type Unsent = Exclude<SendResult, { is: 'sent' }>;

/**
 * When to try again after the `tries`-th try ended like this at `at` (for a lack of room: the `tries`-th in a row).
 * Undefined when trying again is no use or would come after `until`. `repeatable` is the channel's: without it an
 * unknown outcome is never tried again.
 */
export function retryTime(
  result: Unsent,
  { tries, at, until, repeatable }: { tries: number; at: IsoTime; until: IsoTime; repeatable: boolean },
  random: () => number = Math.random,
): IsoTime | undefined {
  const kind = kindOf(result, repeatable);
  if (kind === undefined) return undefined;
  const steps = waits[kind];
  const usualMs = steps[Math.min(tries, steps.length) - 1] ?? hour;
  const askedMs = result.is === 'failed' ? Math.min(result.retryAfterMs ?? 0, retryAfterMsMax) : 0;
  const waitMs = Math.max(usualMs, askedMs);
  const retryAt = plusMs(at, Math.ceil(waitMs + usualMs * jitterShares[kind] * random()));
  return retryAt < until ? retryAt : undefined;
}

/** Milliseconds between two attempts at a provider that refuses the hub itself. */
export const hubRetryMs = minute;

/** Whether the recipient's side asks to be left alone (greylisting, throttling, a quota), as opposed to a hiccup. */
export const asksForTime = (result: SendResult): boolean =>
  result.is === 'failed' && !result.putOff && result.reason !== 'hub-refused' && kindOf(result, true) === 'refused';

function kindOf(result: Unsent, repeatable: boolean): Kind | undefined {
  if (result.is === 'unknown') return repeatable ? 'hiccup' : undefined;
  if (result.putOff) return 'busy';
  // the operator mends this for everybody at once
  if (result.reason === 'hub-refused') return 'refused';
  // an answer that names a time is a refusal, greylisting too, not a hiccup
  if (result.class === 'TRANSIENT' && (result.retryAfterMs ?? 0) >= minute) return 'refused';
  return passing[result.class];
}
