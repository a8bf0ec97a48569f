import { DeliveryEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

const types: readonly DeliveryEvent['type'][] = ['delivery.deferred', 'delivery.passed-on', 'delivery.resumed'];

/** `delivery.due`: the endpoints that are put off, and until when. */
export const dueRows: FoldProjection<DueRow, DeliveryEvent> = {
  name: 'delivery.due.v1',
  table: 'delivery.due',
  key: ['due_key'],
  categories: ['delivery'],
  types,
  replacing: types,

  keyOf: ({ event: { data }, id }) => ('endpointId' in data ? { due_key: `${id}/${data.endpointId}` } : undefined),

  evolve(_, recorded) {
    const { event } = recorded;
    if (event.type !== 'delivery.deferred' && event.type !== 'delivery.passed-on') return undefined;
    const { endpointId, number, retryAt } = event.data;
    const pushId = recorded.id;
    return dueRow(recorded, {
      key: `${pushId}/${endpointId}`,
      at: retryAt,
      task: 'resume',
      data: { pushId, endpointId, number },
    });
  },
};
