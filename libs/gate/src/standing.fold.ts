import { Severity, StandingEvent } from '@hark/contracts';
import { Fold, IsoTime, plusMs } from '@hark/kernel';
import { penaltyTable } from './penalty-table';

const { pointsAtStart, throttledAt, proposedBanMs, severeWindowMs } = penaltyTable;

/** An app owner's credit (信用), less what upheld complaints took, as its stream tells it. */
export interface Standing {
  readonly opened: boolean;
  readonly points: number;
  readonly penalties: readonly {
    readonly penaltyId: string;
    readonly complaintId: string;
    readonly severity: Severity;
    readonly at: IsoTime;
  }[];
  readonly throttled: boolean;
  readonly suspendedUntil: IsoTime | null;
  /** In force until `until`, when the proposal lapses. */
  readonly banProposed: { readonly penaltyId: string; readonly operatorId: string; readonly until: IsoTime } | null;
  readonly banned: boolean;
  /** When a point was last lost or came back; the next clean month counts from here. */
  readonly changedAt: IsoTime | null;
}

export const unopenedStanding: Standing = {
  opened: false,
  points: pointsAtStart,
  penalties: [],
  throttled: false,
  suspendedUntil: null,
  banProposed: null,
  banned: false,
  changedAt: null,
};

/** The standing after one of its events. Never throws; an unknown type changes nothing. */
export function evolveStanding(standing: Standing, event: StandingEvent): Standing {
  switch (event.type) {
    case 'standing.opened':
      return { ...standing, opened: true, points: event.data.points };
    case 'standing.penalized': {
      const { penaltyId, complaintId, severity, at, left } = event.data;
      return {
        ...standing,
        points: left,
        penalties: [...standing.penalties, { penaltyId, complaintId, severity, at }],
        changedAt: at,
      };
    }
    case 'standing.throttled':
      return { ...standing, throttled: true };
    case 'standing.suspended':
      return { ...standing, suspendedUntil: event.data.until };
    case 'standing.ban-proposed': {
      const { penaltyId, operatorId, at, until = plusMs(at, proposedBanMs) } = event.data;
      return { ...standing, banProposed: { penaltyId, operatorId, until } };
    }
    case 'standing.ban-rejected':
      return { ...standing, banProposed: null };
    case 'standing.banned':
      return { ...standing, banned: true, banProposed: null };
    case 'standing.reinstated': {
      const { left, at } = event.data;
      const lifted = { ...standing, suspendedUntil: null, banProposed: null, banned: false };
      return left === undefined
        ? { ...lifted, throttled: false }
        : { ...lifted, points: left, throttled: left <= throttledAt, changedAt: at };
    }
    case 'standing.penalty-lifted': {
      const { penaltyId, left, throttled, suspendedUntil, banned, banProposed, changedAt } = event.data;
      return {
        ...standing,
        points: left,
        penalties: standing.penalties.filter((penalty) => penalty.penaltyId !== penaltyId),
        throttled,
        suspendedUntil: suspendedUntil ?? null,
        banProposed: banProposed
          ? { penaltyId: banProposed.penaltyId, operatorId: banProposed.operatorId, until: banProposed.until }
          : null,
        banned,
        changedAt: changedAt ?? null,
      };
    }
    case 'standing.point-restored': {
      const { left, at } = event.data;
      return { ...standing, points: left, throttled: standing.throttled && left <= throttledAt, changedAt: at };
    }
    default:
      event satisfies never;
      return standing;
  }
}

export const standingFold: Fold<Standing, StandingEvent> = { initial: unopenedStanding, evolve: evolveStanding };

export type StandingStatus =
  { readonly is: 'good' | 'throttled' | 'banned' } | { readonly is: 'suspended'; readonly until: IsoTime };

/** The status at `now`: suspensions and proposed bans end by themselves and leave the app throttled. */
export function standingStatus(standing: Standing, now: IsoTime): StandingStatus {
  if (standing.banned) return { is: 'banned' };
  const ends = [standing.suspendedUntil, standing.banProposed?.until ?? null].filter((end) => end !== null);
  const until = ends.sort().at(-1);
  if (until !== undefined && now < until) return { is: 'suspended', until };
  return { is: standing.throttled ? 'throttled' : 'good' };
}

/**
 * Whether an app may leave this standing behind at `now`: nothing restricts its owner, and no penalty is young enough to
 * count towards a ban.
 */
export const isUnburdened = (standing: Standing, now: IsoTime): boolean =>
  standingStatus(standing, now).is === 'good' &&
  standing.penalties.every(({ at }) => plusMs(at, severeWindowMs) <= now);
