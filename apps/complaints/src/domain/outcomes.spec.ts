import { outcomesOf } from './outcomes';
import { standingDecider } from './standing.decider';

const [complaintId, appId, operatorId] = ['c', 'a', 'o'];
const at = '2026-11-01T00:00:00.000Z';
const to = '2026-11-08T00:00:00.000Z';
const after = (...severities: ('minor' | 'major' | 'severe')[]) =>
  severities.reduce(
    (standing, severity, index) =>
      standingDecider
        .decide({ type: 'Penalize', penaltyId: `p${index}`, complaintId, appId, operatorId, severity, at }, standing)
        .reduce(standingDecider.evolve, standing),
    standingDecider.initial,
  );

describe('what each severity would do', () => {
  it('to an owner in good standing', () => {
    expect(outcomesOf(after(), { complaintId, appId, operatorId }, at)).toEqual([
      { severity: 'minor', points: 11, status: 'good' },
      { severity: 'major', points: 9, status: 'good' },
      { severity: 'severe', points: 6, status: 'throttled' },
    ]);
  });

  it('to one who has few points left: a second severe one proposes a ban', () => {
    expect(outcomesOf(after('severe'), { complaintId, appId, operatorId }, at)).toEqual([
      { severity: 'minor', points: 5, status: 'throttled' },
      { severity: 'major', points: 3, status: 'suspended', until: to },
      { severity: 'severe', points: 0, status: 'suspended', until: to, banProposed: true },
    ]);
  });
});
