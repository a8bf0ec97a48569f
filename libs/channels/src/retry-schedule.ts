import { IsoTime, plusMs } from '@hark/kernel';
import type { FailureClass } from '@hark/outbound';
import { SendResult } from './channel';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * How long to wait after the first, second, … try that did not succeed; the last wait is repeated. RFC 5321 4.5.4.1 asks
 * for about this. What merely hiccuped (a restart, a lost connection) gets one early try more.
 */
const waits = {
  refused: [5 * minute, 30 * minute, hour],
  hiccup: [5 * second, 5 * minute, 30 * minute, hour],
  /** Nothing has left: the hub had no room. */
  busy: [second, 2 * second, 5 * second, 15 * second, minute, 5 * minute],
} as const;

type Kind = keyof typeof waits;

/** What passes by itself, and how soon. What is not here is final. */
const passing: Partial<Readonly<Record<FailureClass, Kind>>> = {
  THROTTLED: 'refused',
  QUOTA_DAY: 'refused',
  TRANSIENT: 'hiccup',
  AUTH_REFRESH: 'hiccup',
};

/** A server may ask to be left alone for longer than the schedule does, but not for longer than this. */
const retryAfterMsMax = 6 * hour;
/** Added at random to each wait, as a share of the usual one: what was refused together must not come back together. */
const jitterShares: Readonly<Record<Kind, number>> = { refused: 0.1, hiccup: 0.1, busy: 1 };

type Unsent = Exclude<SendResult, { is: 'sent' }>;

/**
 * When to try again after the `tries`-th try (the `tries`-th in a row that found no room) ended like this, at `at`; undefined when that is no use, or not before
 * `until`. `repeatable` as the channel says: without it, an unknown outcome is never tried again.
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

/** A provider that refuses the hub itself is asked so often whether it still does, in milliseconds. */
export const hubRetryMs = minute;

/** Whether the recipient's side wants to be left alone: a greylisting, a throttling, a quota; not a mere hiccup. */
export const asksForTime = (result: SendResult): boolean =>
  result.is === 'failed' && !result.putOff && result.reason !== 'hub-refused' && kindOf(result, true) === 'refused';

function kindOf(result: Unsent, repeatable: boolean): Kind | undefined {
  if (result.is === 'unknown') return repeatable ? 'hiccup' : undefined;
  if (result.putOff) return 'busy';
  // The operator will mend it, for everybody at once.
  if (result.reason === 'hub-refused') return 'refused';
  // Who names a time, be it greylisting, has refused and not merely hiccuped.
  if (result.class === 'TRANSIENT' && (result.retryAfterMs ?? 0) >= minute) return 'refused';
  return passing[result.class];
}
