import { CallbackEvent, UserEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

const types: readonly (UserEvent | CallbackEvent)['type'][] = [
  'user.endpoint-challenge-deferred',
  'user.endpoint-challenge-resumed',
  'user.endpoint-challenge-failed',
  'user.endpoint-challenged',
  'user.endpoint-verified',
  'user.endpoint-removed',
  'callback.sent',
  'callback.failed',
  'callback.resumed',
];

/** `auth.due`: the codes and callbacks that are put off, and until when. */
export const dueRows: FoldProjection<DueRow, UserEvent | CallbackEvent> = {
  name: 'auth.due.v2',
  table: 'auth.due',
  key: ['due_key'],
  categories: ['user', 'callback'],
  types,
  replacing: types,

  keyOf({ event, id }) {
    if (event.type.startsWith('callback.')) return { due_key: `callback/${id}` };
    return 'endpointId' in event.data ? { due_key: `${id}/${event.data.endpointId}` } : undefined;
  },

  evolve(_, recorded) {
    const { event } = recorded;
    if (event.type === 'callback.failed' && event.data.retryAt !== undefined) {
      const { number, retryAt } = event.data;
      const data = { callbackId: recorded.id, number };
      return dueRow(recorded, { key: `callback/${recorded.id}`, at: retryAt, task: 'resume-callback', data });
    }
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
