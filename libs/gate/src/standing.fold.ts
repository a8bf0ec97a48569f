import { Severity, StandingEvent } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** Points an owner starts with. */
export const pointsAtStart = 12;
/** With this many points or fewer left, an app is throttled. */
export const throttledAtPoints = 6;

/** What upheld complaints have left of an app owner's credit (信用), as its stream tells it. */
export interface Standing {
  readonly opened: boolean;
  readonly points: number;
  readonly penalties: readonly { readonly penaltyId: string; readonly severity: Severity; readonly at: IsoTime }[];
  readonly throttled: boolean;
  readonly suspendedUntil: IsoTime | null;
  readonly banProposed: { readonly penaltyId: string; readonly operatorId: string } | null;
  readonly banned: boolean;
  /** When the last point was lost or came back: a clean month counts from here. */
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

/** What a standing becomes by one of its events. Never throws; an unknown type changes nothing. */
export function evolveStanding(standing: Standing, event: StandingEvent): Standing {
  switch (event.type) {
    case 'standing.opened':
      return { ...standing, opened: true, points: event.data.points };
    case 'standing.penalized': {
      const { penaltyId, severity, at, left } = event.data;
      return {
        ...standing,
        points: left,
        penalties: [...standing.penalties, { penaltyId, severity, at }],
        changedAt: at,
      };
    }
    case 'standing.throttled':
      return { ...standing, throttled: true };
    case 'standing.suspended':
      return { ...standing, suspendedUntil: event.data.until };
    case 'standing.ban-proposed':
      return { ...standing, banProposed: { penaltyId: event.data.penaltyId, operatorId: event.data.operatorId } };
    case 'standing.banned':
      return { ...standing, banned: true, banProposed: null };
    case 'standing.reinstated':
      return { ...standing, suspendedUntil: null, banProposed: null, banned: false, throttled: false };
    case 'standing.point-restored': {
      const { left, at } = event.data;
      return { ...standing, points: left, throttled: standing.throttled && left <= throttledAtPoints, changedAt: at };
    }
    default:
      event satisfies never;
      return standing;
  }
}

export type StandingStatus =
  | { readonly is: 'good' | 'throttled' | 'banned' }
  /** `until` is absent while a ban waits for its second operator. */
  | { readonly is: 'suspended'; readonly until?: IsoTime };

/** The status at `now`: a suspension with an end ends by itself, and leaves the app throttled. */
export function standingStatus(standing: Standing, now: IsoTime): StandingStatus {
  if (standing.banned) return { is: 'banned' };
  if (standing.banProposed) return { is: 'suspended' };
  if (standing.suspendedUntil !== null && now < standing.suspendedUntil)
    return { is: 'suspended', until: standing.suspendedUntil };
  return { is: standing.throttled ? 'throttled' : 'good' };
}
