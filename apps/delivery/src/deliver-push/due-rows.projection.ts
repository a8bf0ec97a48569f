import { DeliveryEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

const takingBack = ['delivery.left-shown', 'delivery.taken-back', 'delivery.take-back-resumed'] as const;
const types: readonly DeliveryEvent['type'][] = [
  'delivery.deferred',
  'delivery.postponed',
  'delivery.passed-on',
  'delivery.resumed',
  'delivery.digested',
  'delivery.suppressed',
  'delivery.follow-up-set',
  'delivery.follow-up-dropped',
  'delivery.reminded',
  'delivery.escalated',
  ...takingBack,
];

/** `delivery.due`: the endpoints that are put off, until when; what follows while nobody acknowledges a push; and those that a push is still to be taken off. */
export const dueRows: FoldProjection<DueRow, DeliveryEvent> = {
  name: 'delivery.due.v1',
  table: 'delivery.due',
  key: ['due_key'],
  categories: ['delivery'],
  types,
  replacing: types,

  keyOf({ event, id }) {
    if (event.type === 'delivery.reminded') return { due_key: `${id}/remind` };
    if (event.type === 'delivery.escalated') return { due_key: `${id}/escalate` };
    if ('task' in event.data) return { due_key: `${id}/${event.data.task}` };
    return 'endpointId' in event.data ? { due_key: keyOf(id, event, event.data) } : undefined;
  },

  evolve(_, recorded) {
    const { event, id: pushId } = recorded;
    switch (event.type) {
      case 'delivery.deferred':
      case 'delivery.postponed':
      case 'delivery.passed-on':
      case 'delivery.left-shown': {
        const { endpointId, number, retryAt } = event.data;
        if (retryAt === undefined) return undefined;
        const task = event.type === 'delivery.left-shown' ? 'take-back' : 'resume';
        const data = { pushId, endpointId, number };
        return dueRow(recorded, { key: keyOf(pushId, event, event.data), at: retryAt, task, data });
      }
      case 'delivery.follow-up-set': {
        const { task, number, dueAt } = event.data;
        return dueRow(recorded, { key: `${pushId}/${task}`, at: dueAt, task, data: { pushId, number } });
      }
      default:
        return undefined;
    }
  },
};

const keyOf = (pushId: string, { type }: DeliveryEvent, { endpointId }: { readonly endpointId: string }): string =>
  `${pushId}/${endpointId}${takingBack.some((one) => one === type) ? '/back' : ''}`;
