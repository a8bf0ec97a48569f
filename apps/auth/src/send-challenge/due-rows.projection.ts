import { UserEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

const types: readonly UserEvent['type'][] = [
  'user.endpoint-challenge-deferred',
  'user.endpoint-challenge-resumed',
  'user.endpoint-challenge-failed',
  'user.endpoint-challenged',
  'user.endpoint-verified',
  'user.endpoint-removed',
];

/** `auth.due`: the codes that are put off, and until when. */
export const dueRows: FoldProjection<DueRow, UserEvent> = {
  name: 'auth.due.v1',
  table: 'auth.due',
  key: ['due_key'],
  categories: ['user'],
  types,
  replacing: types,

  keyOf: ({ event: { data }, id }) => ('endpointId' in data ? { due_key: `${id}/${data.endpointId}` } : undefined),

  evolve(_, recorded) {
    const { event } = recorded;
    if (event.type !== 'user.endpoint-challenge-deferred') return undefined;
    const { endpointId, codeHash, number, retryAt } = event.data;
    const personId = recorded.id;
    return dueRow(recorded, {
      key: `${personId}/${endpointId}`,
      at: retryAt,
      task: 'resume-challenge',
      data: { personId, endpointId, codeHash, number },
    });
  },
};
