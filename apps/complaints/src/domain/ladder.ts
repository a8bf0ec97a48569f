import { Severity, StandingEvent } from '@hark/contracts';
import { penaltyTable, Standing } from '@hark/gate';
import { IsoTime, plusMs } from '@hark/kernel';

/** A penalty for an upheld complaint. `operatorId` upheld it. */
export interface Penalty {
  readonly penaltyId: string;
  readonly complaintId: string;
  readonly appId: string;
  readonly severity: Severity;
  readonly operatorId: string;
  readonly at: IsoTime;
}

/** What a penalty does to a standing. `points` and `tableVersion` are those of the table in force when it was given. */
export function penalize(
  { penaltyId, complaintId, appId, severity, operatorId, at }: Penalty,
  standing: Standing,
  { points, tableVersion }: { readonly points: number; readonly tableVersion: string } = {
    points: penaltyTable.points[severity],
    tableVersion: penaltyTable.version,
  },
): StandingEvent[] {
  const left = Math.max(0, standing.points - points);
  const events: StandingEvent[] = standing.opened ? [] : [opened(at)];
  events.push({
    type: 'standing.penalized',
    data: { penaltyId, complaintId, appId, severity, points, left, tableVersion, at },
  });
  if (standing.banned) return events;
  if (left <= penaltyTable.throttledAt && !standing.throttled)
    events.push({ type: 'standing.throttled', data: { at } });
  const severeBefore = standing.penalties.some(
    (past) => past.severity === 'severe' && plusMs(past.at, penaltyTable.severeWindowMs) > at,
  );
  if (left === 0 || (severity === 'severe' && severeBefore)) {
    const isProposed = standing.banProposed !== null && at < standing.banProposed.until;
    const until = plusMs(at, penaltyTable.proposedBanMs);
    if (!isProposed) events.push({ type: 'standing.ban-proposed', data: { penaltyId, operatorId, until, at } });
  } else if (left <= penaltyTable.suspendedAt) {
    const until = plusMs(at, penaltyTable.suspendedMs);
    // Penalties may be applied late and in any order, and an older one must not shorten a suspension.
    const isLonger = standing.suspendedUntil === null || until > standing.suspendedUntil;
    if (isLonger) events.push({ type: 'standing.suspended', data: { until, at } });
  }
  return events;
}

/** What an operator's reinstatement does: `points` or more from then on, and what they no longer restrict is lifted. */
export function reinstate(
  { points, ...by }: { readonly points: number; readonly by: string; readonly note?: string; readonly at: IsoTime },
  standing: Standing,
): StandingEvent[] {
  const left = Math.max(standing.points, points);
  const isRestricted = standing.banned || standing.banProposed || standing.suspendedUntil !== null;
  const isThrottled = left <= penaltyTable.throttledAt;
  if (!isRestricted && left === standing.points && standing.throttled === isThrottled) return [];
  return [{ type: 'standing.reinstated', data: { ...by, left } }];
}

/** An owner's first points. */
export const opened = (at: IsoTime): StandingEvent => ({
  type: 'standing.opened',
  data: { points: penaltyTable.pointsAtStart, at },
});
