import { Severity, StandingEvent } from '@hark/contracts';
import { penaltyTable, Standing, standingFold } from '@hark/gate';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

export type StandingCommand =
  | { readonly type: 'Open'; readonly at: IsoTime }
  /** `operatorId` upheld the complaint. An operator whose decision proposed a ban cannot confirm it. */
  | {
      readonly type: 'Penalize';
      readonly penaltyId: string;
      readonly complaintId: string;
      readonly appId: string;
      readonly severity: Severity;
      readonly operatorId: string;
      readonly at: IsoTime;
    }
  | ({ readonly type: 'ConfirmBan' } & ByOperator)
  | ({ readonly type: 'RejectBan' } & ByOperator)
  /**
   * `points`: the owner's points from then on, if that is more than now; without it the fewest that restrict nothing.
   */
  | ({ readonly type: 'Reinstate'; readonly points?: number } & ByOperator);

/**
 * `ownerId` is whose standing it is, `complainantIds` are those whose complaints were upheld: none of them may decide.
 */
interface ByOperator {
  readonly ownerId: string;
  readonly complainantIds: readonly string[];
  readonly operatorId: string;
  readonly note?: string;
  readonly at: IsoTime;
}

export const standingDecider: Decider<Standing, StandingCommand, StandingEvent> = {
  ...standingFold,

  decide(command, standing) {
    switch (command.type) {
      case 'Open':
        return standing.opened ? [] : [opened(command.at)];
      case 'Penalize':
        if (standing.penalties.some(({ penaltyId }) => penaltyId === command.penaltyId)) return [];
        return penalize(command, standing);
      case 'ConfirmBan':
        assertForeign(command);
        if (standing.banned) return [];
        if (!standing.banProposed) throw nothingProposed();
        if (standing.banProposed.operatorId === command.operatorId) {
          throw new HarkError('refused', 'standing.second-operator', 'the same operator proposed the ban');
        }
        if (command.at >= standing.banProposed.until) {
          throw new HarkError('conflict', 'standing.proposal-lapsed', 'the ban was not confirmed in time');
        }
        return [
          { type: 'standing.banned', data: { confirmedBy: command.operatorId, ...noteOf(command), at: command.at } },
        ];
      case 'RejectBan':
        assertForeign(command);
        if (standing.banProposed)
          return [
            { type: 'standing.ban-rejected', data: { by: command.operatorId, ...noteOf(command), at: command.at } },
          ];
        if (standing.banned) throw nothingProposed();
        return [];
      case 'Reinstate': {
        assertForeign(command);
        const left = Math.max(standing.points, command.points ?? penaltyTable.throttledAt + 1);
        const isRestricted = standing.banned || standing.banProposed || standing.suspendedUntil !== null;
        const isThrottled = left <= penaltyTable.throttledAt;
        if (!isRestricted && left === standing.points && standing.throttled === isThrottled) return [];
        return [
          { type: 'standing.reinstated', data: { by: command.operatorId, ...noteOf(command), left, at: command.at } },
        ];
      }
    }
  },
};

function penalize(command: Extract<StandingCommand, { type: 'Penalize' }>, standing: Standing): StandingEvent[] {
  const { penaltyId, complaintId, appId, severity, operatorId, at } = command;
  const points = penaltyTable.points[severity];
  const left = Math.max(0, standing.points - points);
  const events: StandingEvent[] = standing.opened ? [] : [opened(at)];
  events.push({
    type: 'standing.penalized',
    data: { penaltyId, complaintId, appId, severity, points, left, tableVersion: penaltyTable.version, at },
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

function assertForeign({ ownerId, operatorId, complainantIds }: ByOperator): void {
  if (ownerId === operatorId) throw new HarkError('refused', 'complaint.own-app', 'the operator owns the app');
  if (complainantIds.includes(operatorId))
    throw new HarkError('refused', 'ops.own-matter', 'the operator made one of the complaints');
}

const nothingProposed = () => new HarkError('conflict', 'standing.nothing-proposed', 'no ban is proposed');

const opened = (at: IsoTime): StandingEvent => ({
  type: 'standing.opened',
  data: { points: penaltyTable.pointsAtStart, at },
});

const noteOf = ({ note }: { readonly note?: string }) => (note === undefined ? {} : { note });
