import { StandingEvent } from '@hark/contracts';
import { evolveStanding, penaltyTable, Standing, unopenedStanding } from '@hark/gate';
import { Decider, HarkError, IsoTime } from '@hark/kernel';
import { opened, penalize, Penalty, reinstate } from './ladder';
import { penaltyLifted, withoutPenalty } from './without-penalty';

export type StandingCommand =
  | { readonly type: 'Open'; readonly at: IsoTime }
  /** An operator whose decision proposed a ban cannot confirm it. */
  | ({ readonly type: 'Penalize' } & Penalty)
  /**
   * Another operator granted the owner's appeal. `upheldBy`: who upheld the complaint of each penalty, by the penalty's
   * id.
   */
  | {
      readonly type: 'LiftPenalty';
      readonly penaltyId: string;
      readonly operatorId: string;
      readonly upheldBy: ReadonlyMap<string, string>;
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

/** A standing and the events that made it: when a penalty is lifted, it is worked out anew from them. */
export interface RecordedStanding extends Standing {
  readonly events: readonly StandingEvent[];
}

export const standingDecider: Decider<RecordedStanding, StandingCommand, StandingEvent> = {
  initial: { ...unopenedStanding, events: [] },
  evolve: (standing, event) => ({ ...evolveStanding(standing, event), events: [...standing.events, event] }),

  decide(command, standing) {
    switch (command.type) {
      case 'Open':
        return standing.opened ? [] : [opened(command.at)];
      case 'Penalize':
        // Also one that was lifted since: it never comes back.
        return hasEvent(standing, 'standing.penalized', command) ? [] : penalize(command, standing);
      case 'LiftPenalty': {
        if (hasEvent(standing, 'standing.penalty-lifted', command)) return [];
        if (!hasEvent(standing, 'standing.penalized', command))
          throw new HarkError('not-found', 'penalty.unknown', 'the owner has no such penalty');
        const { penaltyId, operatorId: by, at } = command;
        const { events } = standing;
        return [penaltyLifted(withoutPenalty(events, command), events, { penaltyId, by, at })];
      }
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
        const points = command.points ?? penaltyTable.throttledAt + 1;
        return reinstate({ points, by: command.operatorId, ...noteOf(command), at: command.at }, standing);
      }
    }
  },
};

const hasEvent = (
  { events }: RecordedStanding,
  type: 'standing.penalized' | 'standing.penalty-lifted',
  { penaltyId }: { readonly penaltyId: string },
): boolean => events.some((event) => event.type === type && event.data.penaltyId === penaltyId);

function assertForeign({ ownerId, operatorId, complainantIds }: ByOperator): void {
  if (ownerId === operatorId) throw new HarkError('refused', 'complaint.own-app', 'the operator owns the app');
  if (complainantIds.includes(operatorId))
    throw new HarkError('refused', 'ops.own-matter', 'the operator made one of the complaints');
}

const nothingProposed = () => new HarkError('conflict', 'standing.nothing-proposed', 'no ban is proposed');

const noteOf = ({ note }: { readonly note?: string }) => (note === undefined ? {} : { note });
