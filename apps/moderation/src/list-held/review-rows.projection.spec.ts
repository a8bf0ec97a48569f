import { ModerationEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { reviewRows } from './review-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const verdict = { contentHash: 'c', ruleVersion: '1', wechat: 'off', at } as const;
const passed: ModerationEvent = { type: 'moderation.passed', data: verdict };
const held: ModerationEvent = { type: 'moderation.held', data: { ...verdict, label: 'politics' } };
const blocked: ModerationEvent = { type: 'moderation.blocked', data: { ...verdict, label: 'fraud' } };
const decision = { contentHash: 'c', operatorId: 'op', decisionId: 'd', at };
const approved: ModerationEvent = { type: 'moderation.approved', data: decision };
const rejected: ModerationEvent = { type: 'moderation.rejected', data: { ...decision, label: 'politics' } };
const rows = projectionSpec(reviewRows);

describe('the rows of texts that did not pass', () => {
  it('are of what is held or blocked, in the order of the log; of what passed at once there is none', () =>
    rows
      .given(stream('p1', passed), stream('p2', held), stream('p3', blocked))
      .thenRows(
        { push_id: 'p2', status: 'held', label: 'politics', place: '2', held_at: at },
        { push_id: 'p3', status: 'blocked', label: 'fraud', place: '3' },
      ));

  it('say how it was decided', () =>
    rows
      .given(stream('p1', held, approved), stream('p2', held, rejected))
      .thenRows({ status: 'approved', place: '1' }, { status: 'rejected', place: '3' }));

  it('go when a later verdict lets the text pass', () => rows.given(stream('p1', held, passed)).thenRows());

  it('stay held while a verdict is put off, and are not made by a decision alone', () => {
    const deferred: ModerationEvent = {
      type: 'moderation.deferred',
      data: { contentHash: 'c', tries: 1, until: at, at },
    };
    rows.given(stream('p1', held, deferred), stream('p2', approved)).thenRows({ push_id: 'p1', status: 'held' });
  });
});
