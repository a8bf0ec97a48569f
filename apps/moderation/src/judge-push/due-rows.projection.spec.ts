import { ModerationEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { dueRows } from './due-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const verdict = { contentHash: 'c', ruleVersion: '1', wechat: 'unavailable', at } as const;
const held: ModerationEvent = { type: 'moderation.held', data: { ...verdict, label: 'unavailable' } };
const deferred = (tries: number, until: string): ModerationEvent => ({
  type: 'moderation.deferred',
  data: { contentHash: 'c', tries, until, at },
});
const resumed: ModerationEvent = { type: 'moderation.resumed', data: { contentHash: 'c', tries: 1, epoch: 1, at } };
const passed: ModerationEvent = { type: 'moderation.passed', data: verdict };
const soon = '2026-01-05T09:01:00.000Z';
const late = '2026-01-05T09:09:00.000Z';
const rows = projectionSpec(dueRows);

describe('when texts without a verdict are judged again', () => {
  it('is told by the latest deferral', () =>
    rows
      .given(stream('p1', held, deferred(1, soon)), stream('p2', held, deferred(1, soon), resumed, deferred(2, late)))
      .thenRows(
        { due_key: 'p1', due_at: soon, task: 'judge-again', data: { pushId: 'p1', tries: 1 } },
        { due_key: 'p2', due_at: late, data: { pushId: 'p2', tries: 2 } },
      ));

  it.each([resumed, passed])('is over with %j', (event) =>
    rows.given(stream('p1', held, deferred(1, soon), event)).thenRows(),
  );
});
