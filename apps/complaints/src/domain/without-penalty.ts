import { StandingEvent } from '@hark/contracts';
import { evolveStanding, penaltyTable, Standing, unopenedStanding } from '@hark/gate';
import { IsoTime, plusMs } from '@hark/kernel';
import { penalize, reinstate } from './ladder';

type DataOf<T extends StandingEvent['type']> = Extract<StandingEvent, { type: T }>['data'];

/**
 * The standing that an owner's stream comes to without one penalty, and without those lifted before it: the same
 * penalties, decisions of operators and restored points in the same order, led up the same ladder. `upheldBy` says who
 * upheld the complaint of each penalty, because another penalty may be the one that proposes the ban.
 */
export function withoutPenalty(events: readonly StandingEvent[], { penaltyId, ...by }: Lifting): Standing {
  const lifted = new Set([penaltyId]);
  for (const { type, data } of events) if (type === 'standing.penalty-lifted') lifted.add(data.penaltyId);
  let actual = unopenedStanding;
  let standing = unopenedStanding;
  for (const event of events) {
    standing = insteadOf(event, { actual, standing, lifted, ...by }).reduce(evolveStanding, standing);
    actual = evolveStanding(actual, event);
  }
  return standing;
}

/** Which penalty goes, who upheld the complaints, and who lifts it. */
interface Lifting {
  readonly penaltyId: string;
  readonly upheldBy: ReadonlyMap<string, string>;
  readonly operatorId: string;
}

interface Walk extends Omit<Lifting, 'penaltyId'> {
  /** Before the event, as it was. */
  readonly actual: Standing;
  /** Before the event, without the lifted penalties. */
  readonly standing: Standing;
  readonly lifted: ReadonlySet<string>;
}

function insteadOf(event: StandingEvent, { actual, standing, lifted, ...by }: Walk): StandingEvent[] {
  switch (event.type) {
    case 'standing.penalized': {
      const { penaltyId } = event.data;
      // A penalty that came this very moment: then whoever lifts this one may not confirm a ban for that one.
      const operatorId = by.upheldBy.get(penaltyId) ?? by.operatorId;
      return lifted.has(penaltyId) ? [] : penalize({ ...event.data, operatorId }, standing, event.data);
    }
    case 'standing.throttled':
    case 'standing.suspended':
    case 'standing.ban-proposed':
    case 'standing.penalty-lifted':
      return []; // they follow from the penalties
    case 'standing.banned': {
      const { confirmedBy, at } = event.data;
      return canConfirm(standing, confirmedBy, at) ? [event] : [];
    }
    case 'standing.reinstated': {
      const { left, ...by } = event.data;
      return left === undefined ? [event] : reinstate({ ...by, points: left }, standing);
    }
    case 'standing.point-restored': {
      const most = penaltyTable.pointsAtStart;
      if (standing.points === most) return [];
      const left = Math.min(most, standing.points + event.data.left - actual.points);
      return [{ ...event, data: { ...event.data, left } }];
    }
    case 'standing.opened':
    case 'standing.ban-rejected':
      return [event];
    default:
      event satisfies never;
      return [];
  }
}

const canConfirm = ({ banProposed }: Standing, operatorId: string, at: IsoTime): boolean =>
  banProposed !== null && banProposed.operatorId !== operatorId && at < banProposed.until;

/** The lifting of a penalty as an event: it carries the whole standing that comes of it. */
export function penaltyLifted(
  standing: Standing,
  events: readonly StandingEvent[],
  { penaltyId, by, at }: Pick<DataOf<'standing.penalty-lifted'>, 'penaltyId' | 'by' | 'at'>,
): StandingEvent {
  const { points: left, throttled, suspendedUntil, banned, banProposed, changedAt } = standing;
  const cause = events.find(
    (event) => event.type === 'standing.penalized' && event.data.penaltyId === banProposed?.penaltyId,
  );
  const { complaintId, appId, severity } = (cause?.data ?? {}) as DataOf<'standing.penalized'>;
  return {
    type: 'standing.penalty-lifted',
    data: {
      penaltyId,
      by,
      left,
      throttled,
      ...(suspendedUntil !== null && { suspendedUntil }),
      banned,
      ...(banProposed && {
        banProposed: {
          ...banProposed,
          complaintId,
          appId,
          severity,
          at: plusMs(banProposed.until, -penaltyTable.proposedBanMs),
        },
      }),
      ...(changedAt !== null && { changedAt }),
      at,
    },
  };
}
