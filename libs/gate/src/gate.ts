import { Priority } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';
import { App } from './app.fold';
import { Binding, isMuted } from './binding.fold';
import { digestAt } from './digest';
import { passesQuietHours } from './loudness';
import { quietAt } from './quiet-hours';
import { Standing, standingStatus } from './standing.fold';
import { Endpoint, User } from './user.fold';

/** The reasons. Stored in events and shown to senders and recipients: never rename one. */
export type RefuseReason =
  | 'no-binding'
  | 'person-erased'
  | 'unbound'
  | 'blocked-by-user'
  | 'level-none'
  | 'app-deleted'
  | 'app-banned'
  | 'app-suspended'
  | 'expired'
  | 'recalled'
  | 'moderation';
export type HoldReason = 'verdict-missing' | 'verdict-held';
export type FileOnlyReason = (typeof fileOnlyReasons)[number];
export const fileOnlyReasons = ['muted', 'weak', 'no-channel', 'daily-cap', 'app-throttled', 'quiet-hours'] as const;
export type DeferReason = 'digest' | 'quiet-hours';

export type GateDecision =
  | { readonly is: 'refuse'; readonly reason: RefuseReason; readonly until?: IsoTime }
  | { readonly is: 'hold'; readonly reason: HoldReason }
  | { readonly is: 'file-only'; readonly reason: FileOnlyReason }
  /** In the inbox at once, on the phone not before `until`, when the gate is asked again. */
  | {
      readonly is: 'defer';
      readonly reason: DeferReason;
      readonly until: IsoTime;
      readonly endpoints: readonly Endpoint[];
    }
  /**
   * Those with a rank come last and by rank: the first of them is tried, the next only when it did not take the push. All
   * others get it.
   */
  | { readonly is: 'deliver'; readonly endpoints: readonly Endpoint[] };

/** Everything the gate decides on. Give what is unknown as missing; never guess it. */
export interface GateInput {
  readonly app: App;
  readonly binding: Binding;
  /** The consent under which the push was accepted; absent while it is being accepted. */
  readonly consentId?: string;
  readonly standing: Standing;
  readonly verdict: 'missing' | 'held' | 'blocked' | 'passed';
  readonly user: User;
  /** What became of the push since it was accepted; absent while it is being accepted. */
  readonly push?: { readonly expiresAt?: IsoTime; readonly isRecalled: boolean };
  /** What the app asked for; without it the push is a normal one. */
  readonly priority?: Priority;
  /** Others rang today as often as the person allows. Whether they did is known only where the push may ring. */
  readonly isOverCap?: boolean;
  /** When the digest rings in which the push was told to be; absent while it waits for none. */
  readonly digest?: IsoTime;
  readonly now: IsoTime;
}

/**
 * The gate's decision on one push for one person. The same function runs at accept, at delivery and just before bytes
 * leave, so that they cannot disagree. Reasons in order: consent, the app's standing, the push's time and recall, the
 * verdict, then how loud, and when last: quiet hours, then the digest. What is unknown holds the push.
 */
export function gate(input: GateInput): GateDecision {
  const { app, binding, consentId, standing, verdict, user, push, now } = input;
  if (binding.is === 'absent') return { is: 'refuse', reason: 'no-binding' };
  // Their bindings end one after the other; until the last has, none of them carries anything.
  if (user.erased) return { is: 'refuse', reason: 'person-erased' };
  if (binding.is === 'unbound') return { is: 'refuse', reason: 'unbound' };
  if (binding.is === 'blocked' || user.blockedApps.includes(binding.appId))
    return { is: 'refuse', reason: 'blocked-by-user' };
  if (consentId !== undefined && consentId !== binding.consentId) return { is: 'refuse', reason: 'unbound' };
  // Its bindings end one after the other; until the last has, nothing of it goes out all the same.
  if (app.is === 'deleted') return { is: 'refuse', reason: 'app-deleted' };
  if (binding.level === 'none') return { is: 'refuse', reason: 'level-none' };
  const status = standingStatus(standing, now);
  if (status.is === 'banned') return { is: 'refuse', reason: 'app-banned' };
  if (status.is === 'suspended') return { is: 'refuse', reason: 'app-suspended', until: status.until };
  if (push?.expiresAt !== undefined && now >= push.expiresAt) return { is: 'refuse', reason: 'expired' };
  if (push?.isRecalled) return { is: 'refuse', reason: 'recalled' };
  if (verdict === 'blocked') return { is: 'refuse', reason: 'moderation' };
  if (verdict === 'held') return { is: 'hold', reason: 'verdict-held' };
  if (verdict !== 'passed') return { is: 'hold', reason: 'verdict-missing' };
  if (isMuted(binding.muted, now)) return { is: 'file-only', reason: 'muted' };
  if (binding.level === 'weak') return { is: 'file-only', reason: 'weak' };
  const endpoints = user.endpoints
    .filter(
      ({ verified, endpointId }) => verified && (binding.channels === null || binding.channels.includes(endpointId)),
    )
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  if (endpoints.length === 0) return { is: 'file-only', reason: 'no-channel' };
  if (input.isOverCap) return { is: 'file-only', reason: 'daily-cap' };
  if (status.is === 'throttled') return { is: 'file-only', reason: 'app-throttled' };
  if (passesQuietHours(input.priority ?? 'normal', binding)) return { is: 'deliver', endpoints };
  const quiet = quietAt(user.quietHours, user.timeZone, now);
  // Quiet that never ends is waited for in vain.
  if (quiet && (quiet.mode === 'inbox' || quiet.until === null)) return { is: 'file-only', reason: 'quiet-hours' };
  // Once told a time, a push keeps it.
  const digest = input.digest ?? digestAt(binding.digest ?? user.digest, user, now);
  if (digest !== null && now < digest) return { is: 'defer', reason: 'digest', until: digest, endpoints };
  if (!quiet || quiet.until === null) return { is: 'deliver', endpoints };
  return { is: 'defer', reason: 'quiet-hours', until: quiet.until, endpoints };
}
