import fc from 'fast-check';
import { Severity, StandingEvent } from '@hark/contracts';
import { evolveStanding, standingStatus, unopenedStanding } from '@hark/gate';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { penaltyTable } from './penalty-table';
import { StandingCommand, standingDecider } from './standing.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = '2026-11-22T09:00:00.000Z';
const until = '2026-11-29T09:00:00.000Z';
const operator = id(90);
const owner = id(80);
const opened: StandingEvent = { type: 'standing.opened', data: { points: 12, at } };
const penalize = (n: number, severity: Severity, when = at): StandingCommand => ({
  type: 'Penalize',
  penaltyId: id(n),
  complaintId: id(100 + n),
  appId: id(1),
  severity,
  operatorId: operator,
  at: when,
});
const penalized = (n: number, severity: Severity, left: number, when = at): StandingEvent => ({
  type: 'standing.penalized',
  data: {
    penaltyId: id(n),
    complaintId: id(100 + n),
    appId: id(1),
    severity,
    points: penaltyTable.points[severity],
    left,
    tableVersion: penaltyTable.version,
    at: when,
  },
});
const throttled: StandingEvent = { type: 'standing.throttled', data: { at } };
const suspended: StandingEvent = { type: 'standing.suspended', data: { until, at } };
const proposed = (n: number): StandingEvent => ({
  type: 'standing.ban-proposed',
  data: { penaltyId: id(n), operatorId: operator, at },
});
const standing = specFor(standingDecider);

describe('penalising an owner', () => {
  it('opens the standing with the first penalty', () =>
    standing
      .given()
      .when(penalize(1, 'minor'))
      .then(opened, penalized(1, 'minor', 11)));
  it('takes three points for a major one', () =>
    standing
      .given(opened)
      .when(penalize(1, 'major'))
      .then(penalized(1, 'major', 9)));
  it('throttles at six', () =>
    standing
      .given(opened, penalized(1, 'major', 9))
      .when(penalize(2, 'major'))
      .then(penalized(2, 'major', 6), throttled));
  it('suspends for seven days at three', () =>
    standing
      .given(opened, penalized(1, 'major', 9), penalized(2, 'major', 6), throttled)
      .when(penalize(3, 'major'))
      .then(penalized(3, 'major', 3), suspended));
  it('is not suspended for shorter by an older complaint that is applied later', () =>
    standing
      .given(opened, penalized(1, 'severe', 3), throttled, suspended)
      .when(penalize(2, 'minor', plusMs(at, -86_400_000)))
      .then(penalized(2, 'minor', 2, plusMs(at, -86_400_000))));
  it('proposes a ban at zero', () =>
    standing
      .given(opened, penalized(1, 'major', 9), penalized(2, 'major', 6), throttled, penalized(3, 'major', 3), suspended)
      .when(penalize(4, 'major'))
      .then(penalized(4, 'major', 0), proposed(4)));
  it('proposes a ban on a second severe one within 90 days', () => {
    const restored: StandingEvent = { type: 'standing.point-restored', data: { left: 12, at } };
    return standing
      .given(opened, penalized(1, 'severe', 6), throttled, restored)
      .when(penalize(2, 'severe', plusMs(at, penaltyTable.severeWindowMs - 1)))
      .then(
        { ...penalized(2, 'severe', 6, plusMs(at, penaltyTable.severeWindowMs - 1)) },
        { type: 'standing.throttled', data: { at: plusMs(at, penaltyTable.severeWindowMs - 1) } },
        {
          type: 'standing.ban-proposed',
          data: { penaltyId: id(2), operatorId: operator, at: plusMs(at, penaltyTable.severeWindowMs - 1) },
        },
      );
  });
  it('applies one penalty once', () =>
    standing
      .given(opened, penalized(1, 'major', 9))
      .when(penalize(1, 'major'))
      .thenNothing());
});

describe('confirming a ban', () => {
  const given = [opened, penalized(1, 'severe', 6), throttled, penalized(2, 'severe', 0), proposed(2)] as const;
  it('takes a second operator', () =>
    standing
      .given(...given)
      .when({ type: 'ConfirmBan', ownerId: owner, operatorId: id(91), at })
      .then({ type: 'standing.banned', data: { confirmedBy: id(91), at } }));
  it('refuses the operator who proposed it', () =>
    standing
      .given(...given)
      .when({ type: 'ConfirmBan', ownerId: owner, operatorId: operator, at })
      .thenRefused('standing.second-operator'));
  it('refuses where nothing is proposed', () =>
    standing
      .given(opened)
      .when({ type: 'ConfirmBan', ownerId: owner, operatorId: id(91), at })
      .thenRefused('standing.nothing-proposed'));
});

describe('reinstating', () => {
  it('refuses the owner, as confirming does', () => {
    const given = standing.given(opened, penalized(1, 'severe', 0), throttled, proposed(1));
    given.when({ type: 'Reinstate', ownerId: owner, operatorId: owner, at }).thenRefused('complaint.own-app');
    given.when({ type: 'ConfirmBan', ownerId: owner, operatorId: owner, at }).thenRefused('complaint.own-app');
  });
  it('lifts a suspension', () =>
    standing
      .given(opened, penalized(1, 'severe', 3), throttled, suspended)
      .when({ type: 'Reinstate', ownerId: owner, operatorId: id(91), at })
      .then({ type: 'standing.reinstated', data: { by: id(91), at } }));
  it('says nothing where nothing is restricted', () =>
    standing
      .given(opened)
      .when({ type: 'Reinstate', ownerId: owner, operatorId: id(91), at })
      .thenNothing());
});

describe('opening', () => {
  it('gives twelve points', () => standing.given().when({ type: 'Open', at }).then(opened));
  it('happens once', () => standing.given(opened).when({ type: 'Open', at }).thenNothing());
});

it('counts every penalty once and never below zero, in any order and however often', () => {
  const command = fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom<Severity>('minor', 'major', 'severe'))
      .map(([n, severity]) => penalize(n, severity)),
    fc
      .constantFrom(id(90), id(91))
      .map((operatorId): StandingCommand => ({ type: 'ConfirmBan', ownerId: owner, operatorId, at })),
    fc.constant<StandingCommand>({ type: 'Open', at }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const events: StandingEvent[] = [];
      const decide = (one: StandingCommand) =>
        standingDecider.decide(one, events.reduce(evolveStanding, unopenedStanding));
      for (const one of commands) {
        try {
          events.push(...decide(one));
        } catch {
          continue;
        }
        expect(decide(one)).toEqual([]);
      }
      const penalties = events.flatMap((event) => (event.type === 'standing.penalized' ? [event.data] : []));
      expect(new Set(penalties.map(({ penaltyId }) => penaltyId)).size).toBe(penalties.length);
      const state = events.reduce(evolveStanding, unopenedStanding);
      expect(state.points).toBe(penalties.reduce((left, { points }) => Math.max(0, left - points), 12));
      const status = standingStatus(state, at).is;
      if (state.points === 0) expect(['suspended', 'banned']).toContain(status);
      if (status === 'banned')
        expect(events.some((event) => event.type === 'standing.banned' && event.data.confirmedBy === id(91))).toBe(
          true,
        );
    }),
  );
});
