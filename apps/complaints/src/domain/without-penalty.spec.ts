import fc from 'fast-check';
import { Severity, StandingEvent } from '@hark/contracts';
import { penaltyTable } from '@hark/gate';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { RecordedStanding, StandingCommand, standingDecider } from './standing.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const start = '2026-11-22T09:00:00.000Z';
const day = (n: number) => plusMs(start, n * 86_400_000);
const operators = [id(90), id(91), id(92)];
const upheldBy = new Map(Array.from({ length: 10 }, (_, n) => [id(n), operators[n % 2]!]));
const penalize = (n: number, severity: Severity, at = start): StandingCommand => {
  const operatorId = upheldBy.get(id(n))!;
  return { type: 'Penalize', penaltyId: id(n), complaintId: id(100 + n), appId: id(1), severity, operatorId, at };
};
const lift = (n: number, at = start): StandingCommand => ({
  type: 'LiftPenalty',
  penaltyId: id(n),
  operatorId: operators[2]!,
  upheldBy,
  at,
});
const decided = (type: 'ConfirmBan' | 'RejectBan' | 'Reinstate', operatorId: string, at = start): StandingCommand => ({
  type,
  ownerId: id(80),
  complainantIds: [],
  operatorId,
  at,
});
/** The owner's thirty clean days: not a command yet, so it is told as an event. */
type Step = StandingCommand | { readonly type: 'Restore'; readonly at: string };

const eventsOf = (step: Step, standing: RecordedStanding): StandingEvent[] => {
  if (step.type !== 'Restore') return standingDecider.decide(step, standing);
  if (standing.points === penaltyTable.pointsAtStart) return [];
  return [{ type: 'standing.point-restored', data: { left: standing.points + 1, at: step.at } }];
};
/** Takes the steps that the rules allow, and says which those were. */
const walk = (steps: readonly Step[]) => {
  let standing = standingDecider.initial;
  const taken: Step[] = [];
  for (const step of steps) {
    let events: StandingEvent[] = [];
    try {
      events = eventsOf(step, standing);
    } catch {
      // forbidden at this point
    }
    if (events.length > 0) taken.push(step);
    standing = events.reduce(standingDecider.evolve, standing);
  }
  return { standing, taken };
};
/** So many histories are walked; 20000 of them with HARK_STANDING_HISTORIES=20000. */
const histories = Number(process.env.HARK_STANDING_HISTORIES ?? 400);
/** What people see of a standing, without how it came about. */
const shown = ({ events: _, ...standing }: RecordedStanding) => standing;

const penalty = (n: number) => fc.constantFrom<Severity>('minor', 'major', 'severe').map((one) => penalize(n, one));
const opened: Step = { type: 'Open', at: start };
const inTime = (steps: Step[], days: readonly number[]): Step[] => {
  let today = 0;
  return [opened, ...steps.map((step, index) => ({ ...step, at: day((today += days[index % days.length]!)) }))];
};
const history = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }).chain(penalty) },
        {
          weight: 2,
          arbitrary: fc
            .tuple(fc.constantFrom('ConfirmBan' as const, 'RejectBan' as const), fc.constantFrom(...operators))
            .map(([type, by]): Step => decided(type, by)),
        },
        { weight: 1, arbitrary: fc.constant<Step>(decided('Reinstate', operators[2]!)) },
        { weight: 1, arbitrary: fc.constant<Step>({ type: 'Restore', at: start }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((n): Step => lift(n)) },
      ),
      { maxLength: 25 },
    ),
    fc.array(fc.constantFrom(0, 0, 1, 3, 31, 95), { minLength: 1, maxLength: 5 }),
  )
  .map(([steps, days]) => inTime(steps, days));
const isOf = (step: Step, n: number) =>
  (step.type === 'Penalize' || step.type === 'LiftPenalty') && step.penaltyId === id(n);

describe('lifting a penalty', () => {
  it('leaves the standing of an owner to whom the same happened, without it', () =>
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 9 }), (steps, n) => {
        const { standing, taken } = walk(steps);
        fc.pre(standing.penalties.some(({ penaltyId }) => penaltyId === id(n)));
        const lifted = walk([...taken, lift(n, day(3_000))]).standing;
        // Those lifted on the way never were, either.
        const never = taken
          .filter((step) => step.type === 'LiftPenalty')
          .map((step) => (step as { penaltyId: string }).penaltyId);
        const others = taken.filter(
          (step) => !isOf(step, n) && !('penaltyId' in step && never.includes(step.penaltyId)),
        );
        expect(shown(lifted)).toEqual(shown(walk(others).standing));
      }),
      { numRuns: histories },
    ));

  it('undoes the last penalty to the letter, whatever came before it', () =>
    fc.assert(
      fc.property(history, fc.constantFrom<Severity>('minor', 'major', 'severe'), (steps, severity) => {
        const before = walk(steps).standing;
        const given = walk([
          ...steps,
          { ...penalize(0, severity), penaltyId: id(50), at: day(3_000) } as Step,
        ]).standing;
        expect(given.penalties).toHaveLength(before.penalties.length + 1);
        const undone = standingDecider.decide(
          { ...lift(0), penaltyId: id(50), at: day(3_001) } as StandingCommand,
          given,
        );
        expect(shown(undone.reduce(standingDecider.evolve, given))).toEqual({ ...shown(before), opened: true });
      }),
    ));

  it('is the same in any order, and all lifted leaves twelve points', () =>
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom<Severity>('minor', 'major', 'severe'), { minLength: 1, maxLength: 6 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length }))),
        ([severities, order]) => {
          const steps: Step[] = [opened, ...severities.map((severity, n) => penalize(n, severity, day(n)))];
          const { standing } = walk([...steps, ...order.map((n) => lift(n, day(10)))]);
          expect(shown(standing)).toEqual(shown(walk([opened]).standing));
        },
      ),
    ));
});

describe('a lifted penalty', () => {
  const standing = specFor(standingDecider);
  const given = (...steps: Step[]) => standing.given(...walk([opened, ...steps]).standing.events);

  it('never comes back, and is lifted once', () => {
    given(penalize(1, 'major'), lift(1)).when(penalize(1, 'major')).thenNothing();
    given(penalize(1, 'major'), lift(1)).when(lift(1)).thenNothing();
    given(penalize(1, 'major')).when(lift(2)).thenRefused('penalty.unknown');
  });
  it('takes along the suspension and the ban that followed from it', () => {
    const lifted = (data: object) => ({ type: 'standing.penalty-lifted', data }) as StandingEvent;
    const by = { by: operators[2], at: start };
    given(penalize(1, 'severe'), penalize(2, 'severe'), decided('ConfirmBan', operators[2]!))
      .when(lift(2))
      .then(lifted({ penaltyId: id(2), ...by, left: 6, throttled: true, banned: false, changedAt: start }));
  });
  it('leaves a suspension that another earned, to its own end', () => {
    const { standing: left } = walk([
      opened,
      penalize(1, 'severe'),
      penalize(2, 'major', day(1)),
      penalize(3, 'minor', day(2)),
      lift(3, day(3)),
    ]);
    expect(left).toMatchObject({ points: 3, suspendedUntil: day(8), throttled: true, banned: false });
  });
  it('leaves a ban that stands without it, and who proposed it', () => {
    const { standing: left } = walk([
      opened,
      penalize(1, 'minor'),
      penalize(2, 'severe'),
      penalize(3, 'severe'),
      lift(1, day(1)),
    ]);
    expect(left).toMatchObject({ points: 0, banProposed: { penaltyId: id(3), operatorId: upheldBy.get(id(3)) } });
  });
  it('makes way for the proposal that another would have brought about', () => {
    const { standing: left } = walk([
      opened,
      penalize(1, 'severe'),
      penalize(2, 'severe', day(1)),
      penalize(3, 'severe', day(2)),
      lift(2, day(3)),
    ]);
    expect(left.banProposed).toEqual({ penaltyId: id(3), operatorId: upheldBy.get(id(3)), until: day(9) });
    expect(left.events.at(-1)!.data).toMatchObject({
      banProposed: { complaintId: id(103), severity: 'severe', at: day(2) },
    });
  });
  it('keeps the points that came back since, and no more than twelve', () => {
    const restored: Step[] = [{ type: 'Restore', at: day(31) }];
    expect(
      walk([opened, penalize(1, 'minor'), penalize(2, 'major'), ...restored, lift(2, day(32))]).standing.points,
    ).toBe(12);
    expect(
      walk([opened, penalize(1, 'severe'), penalize(2, 'minor'), ...restored, lift(2, day(32))]).standing.points,
    ).toBe(7);
  });
});
