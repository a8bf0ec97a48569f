import { severity as severities, SeverityOutcome } from '@hark/contracts';
import { Standing, standingFold, standingStatus } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { standingDecider } from './standing.decider';

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
export const outcomesOf = (standing: Standing, { complaintId, ...of }: Case, at: IsoTime): SeverityOutcome[] =>
  severities.options.map((severity) => {
    const events = standingDecider.decide(
      { type: 'Penalize', penaltyId: complaintId, complaintId, ...of, severity, at },
      standing,
    );
    const after = events.reduce(standingFold.evolve, standing);
    const status = standingStatus(after, at);
    return {
      severity,
      points: after.points,
      status: status.is,
      ...(status.is === 'suspended' && { until: status.until }),
      ...(after.banProposed !== null && { banProposed: true }),
    };
  });
