import { StandingEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { banRows } from './ban-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const opened: StandingEvent = { type: 'standing.opened', data: { points: 12, at } };
const penalized = (complaintId: string, left: number): StandingEvent => ({
  type: 'standing.penalized',
  data: { penaltyId: 'x', complaintId, appId: 'app', severity: 'severe', points: 6, left, tableVersion: '1', at },
});
const proposed: StandingEvent = { type: 'standing.ban-proposed', data: { penaltyId: 'x', operatorId: 'op', at } };
const open = { proposed_by: null, proposed_at: null, place: null, lapses_at: null };
const rows = projectionSpec(banRows);

describe('the rows of proposed bans', () => {
  it('begin with a penalty: a standing that was only opened has none', () => {
    rows.given(stream('owner', opened)).thenRows();
    rows
      .given(stream('owner', opened, penalized('c1', 9), penalized('c2', 6)))
      .thenRows({ owner_id: 'owner', complaint_id: 'c2', points: 6, ...open });
  });

  it('name the proposal, the place that orders them, and when it lapses', () => {
    const pending = { proposed_by: 'op', proposed_at: at, place: '3' };
    const weekLater = '2026-01-12T09:00:00.000Z';
    rows
      .given(stream('owner', opened, penalized('c1', 0), proposed))
      .thenRows({ ...pending, lapses_at: weekLater, complaint_id: 'c1' });
    const until = '2026-01-06T09:00:00.000Z';
    const told: StandingEvent = { ...proposed, data: { ...proposed.data, until } };
    rows.given(stream('owner', opened, penalized('c1', 0), told)).thenRows({ ...pending, lapses_at: until });
  });

  it('keep the complaint that led to the proposal when another comes after it', () =>
    rows
      .given(stream('owner', opened, penalized('c1', 1), proposed, penalized('c2', 0)))
      .thenRows({ complaint_id: 'c1', points: 0, proposed_by: 'op' }));

  it('keep the proposal that stands without a lifted penalty, in its place, and take another in', () => {
    const lifted = (complaintId: string, proposedAt: string): StandingEvent => ({
      type: 'standing.penalty-lifted',
      data: {
        ...{ penaltyId: 'y', by: 'op2', left: 1, throttled: true, banned: false, at },
        banProposed: {
          ...{ penaltyId: 'x', complaintId, appId: 'app2', severity: 'major', operatorId: 'op3' },
          until: '2026-01-12T09:00:00.000Z',
          at: proposedAt,
        },
      },
    });
    const history = [opened, penalized('c1', 0), proposed];
    rows
      .given(stream('owner', ...history, lifted('c1', at)))
      .thenRows({ points: 1, proposed_by: 'op3', complaint_id: 'c1', place: '3' });
    rows
      .given(stream('owner', ...history, lifted('c2', '2026-01-04T09:00:00.000Z')))
      .thenRows({ complaint_id: 'c2', app_id: 'app2', severity: 'major', place: '4' });
  });

  it.each<[StandingEvent, number]>([
    [
      {
        type: 'standing.penalty-lifted',
        data: { penaltyId: 'x', by: 'op2', left: 9, throttled: false, banned: false, at },
      },
      9,
    ],
    [{ type: 'standing.banned', data: { confirmedBy: 'op2', at } }, 0],
    [{ type: 'standing.ban-rejected', data: { by: 'op2', at } }, 0],
    [{ type: 'standing.reinstated', data: { by: 'op2', left: 12, at } }, 12],
    [{ type: 'standing.reinstated', data: { by: 'op2', at } }, 0],
  ])('hold no proposal after %j', (event, points) =>
    rows.given(stream('owner', opened, penalized('c1', 0), proposed, event)).thenRows({ points, ...open }),
  );
});
