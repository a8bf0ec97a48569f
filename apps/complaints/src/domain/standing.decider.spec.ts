import fc from 'fast-check';
import { Severity, StandingEvent } from '@hark/contracts';
import { penaltyTable, standingStatus } from '@hark/gate';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
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
  data: { penaltyId: id(n), operatorId: operator, until, at },
});
const by = (operatorId: string, more: { complainantIds?: string[]; at?: string } = {}) => ({
  ownerId: owner,
  operatorId,
  complainantIds: [id(70)],
  at,
  ...more,
});
/** Confirmed, rejected, reinstated: what operators decide about an owner. */
const decisions = ['ConfirmBan', 'RejectBan', 'Reinstate'] as const;
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
          data: {
            penaltyId: id(2),
            operatorId: operator,
            until: plusMs(at, penaltyTable.severeWindowMs - 1 + 7 * 86_400_000),
            at: plusMs(at, penaltyTable.severeWindowMs - 1),
          },
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
      .when({ type: 'ConfirmBan', ...by(id(91)) })
      .then({ type: 'standing.banned', data: { confirmedBy: id(91), at } }));
  it('refuses the operator who proposed it', () =>
    standing
      .given(...given)
      .when({ type: 'ConfirmBan', ...by(operator) })
      .thenRefused('standing.second-operator'));
  it('refuses where nothing is proposed', () =>
    standing
      .given(opened)
      .when({ type: 'ConfirmBan', ...by(id(91)) })
      .thenRefused('standing.nothing-proposed'));
});

describe('a proposed ban', () => {
  const given = [opened, penalized(1, 'severe', 6), throttled, penalized(2, 'severe', 0), proposed(2)] as const;
  const rejected: StandingEvent = { type: 'standing.ban-rejected', data: { by: id(91), at } };
  it('lapses after seven days: it can be confirmed to the last instant, and no longer', () => {
    const inTime = plusMs(until, -1);
    standing
      .given(...given)
      .when({ type: 'ConfirmBan', ...by(id(91), { at: inTime }) })
      .then({ type: 'standing.banned', data: { confirmedBy: id(91), at: inTime } });
    standing
      .given(...given)
      .when({ type: 'ConfirmBan', ...by(id(91), { at: until }) })
      .thenRefused('standing.proposal-lapsed');
  });
  it('is proposed again by the next upheld complaint once it lapsed, and not before', () => {
    standing
      .given(...given)
      .when(penalize(3, 'minor'))
      .then(penalized(3, 'minor', 0));
    const again: StandingEvent = {
      type: 'standing.ban-proposed',
      data: { penaltyId: id(3), operatorId: operator, until: plusMs(until, 7 * 86_400_000), at: until },
    };
    standing
      .given(...given)
      .when(penalize(3, 'minor', until))
      .then(penalized(3, 'minor', 0, until), again);
  });
  it('can be rejected, by its proposer too; then nothing is there to confirm', () => {
    standing
      .given(...given)
      .when({ type: 'RejectBan', ...by(id(91)) })
      .then(rejected);
    standing
      .given(...given)
      .when({ type: 'RejectBan', ...by(operator) })
      .then({ type: 'standing.ban-rejected', data: { by: operator, at } });
    standing
      .given(...given, rejected)
      .when({ type: 'RejectBan', ...by(id(91)) })
      .thenNothing();
    standing
      .given(...given, rejected)
      .when({ type: 'ConfirmBan', ...by(id(91)) })
      .thenRefused('standing.nothing-proposed');
  });
  it('cannot be rejected once it was confirmed', () =>
    standing
      .given(...given, { type: 'standing.banned', data: { confirmedBy: id(91), at } })
      .when({ type: 'RejectBan', ...by(id(92)) })
      .thenRefused('standing.nothing-proposed'));
});

describe('one’s own matter', () => {
  const given = [opened, penalized(1, 'severe', 0), throttled, proposed(1)] as const;
  it.each(decisions)('is not for the owner to decide: %s', (type) =>
    standing
      .given(...given)
      .when({ type, ...by(owner) })
      .thenRefused('complaint.own-app'),
  );
  it.each(decisions)('is not for whoever complained: %s', (type) =>
    standing
      .given(...given)
      .when({ type, ...by(id(91), { complainantIds: [id(70), id(91)] }) })
      .thenRefused('ops.own-matter'),
  );
});

describe('reinstating', () => {
  const atThree = [opened, penalized(1, 'severe', 3), throttled, suspended] as const;
  it('lifts a suspension and gives back the points that keep it lifted', () =>
    standing
      .given(...atThree)
      .when({ type: 'Reinstate', ...by(id(91)) })
      .then({ type: 'standing.reinstated', data: { by: id(91), left: 7, at } }));
  it('gives as many points as are named, and takes none', () => {
    standing
      .given(...atThree)
      .when({ type: 'Reinstate', points: 12, ...by(id(91)) })
      .then({ type: 'standing.reinstated', data: { by: id(91), left: 12, at } });
    standing
      .given(...atThree)
      .when({ type: 'Reinstate', points: 1, ...by(id(91)) })
      .then({ type: 'standing.reinstated', data: { by: id(91), left: 3, at } });
  });
  it('leaves room: the next minor complaint throttles and does not suspend', () =>
    standing
      .given(...atThree, { type: 'standing.reinstated', data: { by: id(91), left: 7, at } })
      .when(penalize(2, 'minor'))
      .then(penalized(2, 'minor', 6), throttled));
  it('is done once', () =>
    standing
      .given(...atThree, { type: 'standing.reinstated', data: { by: id(91), left: 7, at } })
      .when({ type: 'Reinstate', ...by(id(91)) })
      .thenNothing());
  it('mends what was reinstated before points were given back', () =>
    standing
      .given(...atThree, { type: 'standing.reinstated', data: { by: id(91), at } })
      .when({ type: 'Reinstate', ...by(id(91)) })
      .then({ type: 'standing.reinstated', data: { by: id(91), left: 7, at } }));
  it('says nothing where nothing is restricted', () =>
    standing
      .given(opened)
      .when({ type: 'Reinstate', ...by(id(91)) })
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
    fc.constantFrom(id(90), id(91)).map((operatorId): StandingCommand => ({ type: 'ConfirmBan', ...by(operatorId) })),
    fc
      .tuple(fc.constantFrom('RejectBan' as const, 'Reinstate' as const), fc.integer({ min: 1, max: 12 }))
      .map(([type, points]): StandingCommand => ({ type, points, ...by(id(91)) })),
    fc.constant<StandingCommand>({ type: 'Open', at }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const events: StandingEvent[] = [];
      const decide = (one: StandingCommand) =>
        standingDecider.decide(one, events.reduce(standingDecider.evolve, standingDecider.initial));
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
      const state = events.reduce(standingDecider.evolve, standingDecider.initial);
      const counted = events.reduce((left, event) => {
        if (event.type === 'standing.reinstated') return event.data.left!;
        return event.type === 'standing.penalized' ? Math.max(0, left - event.data.points) : left;
      }, 12);
      expect(state.points).toBe(counted);
      const status = standingStatus(state, at).is;
      // The status follows the points: good means that no points restrict, whatever was lifted on the way.
      expect(status === 'good').toBe(
        state.points > 6 && !state.banProposed && state.suspendedUntil === null && !state.banned,
      );
      expect(['good', 'throttled']).toContain(
        standingStatus({ ...state, banned: false }, plusMs(at, 8 * 86_400_000)).is,
      );
      if (status === 'banned')
        expect(events.some((event) => event.type === 'standing.banned' && event.data.confirmedBy === id(91))).toBe(
          true,
        );
    }),
  );
});
