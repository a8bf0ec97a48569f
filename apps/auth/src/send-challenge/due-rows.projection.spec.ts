import { UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { dueRows } from './due-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const retryAt = '2026-01-05T09:05:00.000Z';
const code = { endpointId: 'e1', codeHash: 'h' };
const deferred: UserEvent = {
  type: 'user.endpoint-challenge-deferred',
  data: { ...code, number: 2, reason: 'not-reached', retryAt, at },
};
const rows = projectionSpec(dueRows);

describe('when codes that were put off are sent again', () => {
  it('is told for each endpoint of a person', () =>
    rows.given(stream('person', deferred)).thenRows({
      due_key: 'person/e1',
      due_at: retryAt,
      task: 'resume-challenge',
      data: { personId: 'person', endpointId: 'e1', codeHash: 'h', number: 2 },
    }));

  it.each<UserEvent>([
    { type: 'user.endpoint-challenge-resumed', data: { ...code, number: 2, epoch: 1, at } },
    { type: 'user.endpoint-challenge-failed', data: { ...code, reason: 'not-reached', at } },
    { type: 'user.endpoint-challenged', data: { ...code, code: 'v1.x', expiresAt: at, at } },
    { type: 'user.endpoint-verified', data: { endpointId: 'e1', at } },
    { type: 'user.endpoint-removed', data: { endpointId: 'e1', at } },
  ])('is over with %j', (event) => rows.given(stream('person', deferred, event)).thenRows());
});
