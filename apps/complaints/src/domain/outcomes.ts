import { severity as severities, SeverityOutcome, StandingFigures } from '@hark/contracts';
import { Standing, standingStatus } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { RecordedStanding, standingDecider } from './standing.decider';
import { withoutPenalty } from './without-penalty';

/** Whose complaint it would be. */
interface Case {
  readonly complaintId: string;
  readonly appId: string;
  readonly operatorId: string;
}

/**
 * What upholding a complaint with each severity would leave of its owner's standing, gentlest first. Asks the decider
 * itself, so that what is shown before is what happens after.
 */
export const outcomesOf = (standing: RecordedStanding, { complaintId, ...of }: Case, at: IsoTime): SeverityOutcome[] =>
  severities.options.map((severity) => {
    const events = standingDecider.decide(
      { type: 'Penalize', penaltyId: complaintId, complaintId, ...of, severity, at },
      standing,
    );
    const after = events.reduce(standingDecider.evolve, standing);
    return { severity, ...figuresOf(after, at), ...(after.banProposed !== null && { banProposed: true }) };
  });

/** What granting an appeal against a penalty would leave of its owner's standing. */
export const withoutPenaltyOf = (
  { events }: RecordedStanding,
  { penaltyId, upheldBy }: { readonly penaltyId: string; readonly upheldBy: ReadonlyMap<string, string> },
  at: IsoTime,
): StandingFigures => figuresOf(withoutPenalty(events, { penaltyId, upheldBy, operatorId: '' }), at);

/** What of a standing is shown in figures. */
export function figuresOf(standing: Standing, at: IsoTime): StandingFigures {
  const status = standingStatus(standing, at);
  return {
    points: standing.points,
    status: status.is,
    ...(status.is === 'suspended' && { until: status.until }),
  };
}
