import { DeliveryEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { dueRows } from './due-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const soon = '2026-01-05T09:05:00.000Z';
const deferred = (endpointId: string, number = 1, retryAt = soon): DeliveryEvent => ({
  type: 'delivery.deferred',
  data: { endpointId, channel: 'bark', number, reason: 'THROTTLED', retryAt, attemptId: 'a', at },
});
const resumed: DeliveryEvent = { type: 'delivery.resumed', data: { endpointId: 'e1', number: 1, epoch: 1, at } };
const rows = projectionSpec(dueRows);

describe('when deliveries that were put off go on', () => {
  it('is told for each endpoint of a push, by its latest deferral', () => {
    const late = '2026-01-05T09:35:00.000Z';
    rows
      .given(stream('p1', deferred('e1'), deferred('e2'), resumed, deferred('e1', 2, late)))
      .thenRows(
        { due_key: 'p1/e2', due_at: soon, task: 'resume', data: { pushId: 'p1', endpointId: 'e2', number: 1 } },
        { due_key: 'p1/e1', due_at: late, data: { pushId: 'p1', endpointId: 'e1', number: 2 } },
      );
  });

  it('is told of what waits for the end of quiet hours, also when it waits anew', () => {
    const postponed = (number: number, retryAt: string): DeliveryEvent => ({
      type: 'delivery.postponed',
      data: { endpointId: 'e1', channel: 'bark', number, reason: 'quiet-hours', retryAt, at },
    });
    const morning = '2026-01-06T07:00:00.000Z';
    rows.given(stream('p1', postponed(1, soon), resumed, postponed(2, morning))).thenRows({
      due_key: 'p1/e1',
      due_at: morning,
      task: 'resume',
      data: { pushId: 'p1', endpointId: 'e1', number: 2 },
    });
    rows.given(stream('p1', postponed(1, soon), resumed)).thenRows();
  });

  it('is told of what follows, beside what was put off, until that is done or dropped', () => {
    const set = (number: number, dueAt: string): DeliveryEvent => ({
      type: 'delivery.follow-up-set',
      data: { task: 'remind', number, dueAt, at },
    });
    const given = [deferred('e1'), set(1, soon)];
    const row = { due_key: 'p1/e1', due_at: soon };
    rows
      .given(stream('p1', ...given))
      .thenRows(row, { due_key: 'p1/remind', due_at: soon, task: 'remind', data: { pushId: 'p1', number: 1 } });
    const decision = {
      bindingRevision: 0,
      standingRevision: -1,
      decision: 'deliver' as const,
      muted: false,
      endpoints: [],
    };
    const reminded: DeliveryEvent = { type: 'delivery.reminded', data: { number: 1, epoch: 1, ...decision, at } };
    const givenUp: DeliveryEvent = {
      type: 'delivery.suppressed',
      data: { endpointId: 'e1', channel: 'bark', reason: 'reminded', at },
    };
    rows.given(stream('p1', ...given, givenUp, reminded)).thenRows();
    const dropped: DeliveryEvent = {
      type: 'delivery.follow-up-dropped',
      data: { task: 'remind', number: 1, reason: 'unbound', at },
    };
    rows.given(stream('p1', ...given, dropped)).thenRows(row);
  });

  it('is over when its time has come', () => rows.given(stream('p1', deferred('e1'), resumed)).thenRows());

  it('is told of whom it goes to next, until that is done', () => {
    const set = (number: number, dueAt: string): DeliveryEvent => ({
      type: 'delivery.follow-up-set',
      data: { task: 'escalate', number, dueAt, at },
    });
    const escalated: DeliveryEvent = { type: 'delivery.escalated', data: { number: 1, openidId: 'o', epoch: 1, at } };
    rows.given(stream('p1', set(1, soon), escalated)).thenRows();
    rows
      .given(stream('p1', set(1, at), escalated, set(2, soon)))
      .thenRows({ due_key: 'p1/escalate', due_at: soon, task: 'escalate', data: { pushId: 'p1', number: 2 } });
  });
});
