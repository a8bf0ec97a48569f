import { MessageEvent } from '@hark/contracts';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';

/** `intake.due`: what each push waits for. First to be sent, then to be over. */
export const dueRows: FoldProjection<DueRow, MessageEvent> = {
  name: 'intake.due.v1',
  table: 'intake.due',
  key: ['due_key'],
  categories: ['message'],
  replacing: ['message.pushed'],

  keyOf({ event, id }) {
    if (event.type === 'message.escalation-dropped') return undefined;
    const waits = event.type !== 'message.pushed' || event.data.expiresAt !== undefined;
    return waits ? { due_key: id } : undefined;
  },

  evolve(row, recorded) {
    const { event, id: pushId } = recorded;
    const expiry = (expiresAt: unknown) =>
      typeof expiresAt === 'string'
        ? dueRow(recorded, { key: pushId, at: expiresAt, task: 'expire', data: { pushId, expiresAt } })
        : undefined;
    switch (event.type) {
      case 'message.pushed':
        return expiry(event.data.expiresAt);
      case 'message.scheduled': {
        const { number, sendAt } = event.data;
        const data = { ...row?.data, pushId, number, revision: recorded.revision };
        return dueRow(recorded, { key: pushId, at: sendAt, task: 'fire', data });
      }
      case 'message.edited': {
        const { expiresAt: end } = event.data;
        if (end === undefined) return row;
        if (row?.task !== 'fire') return expiry(end);
        const { expiresAt: _, ...data } = row.data as { expiresAt?: unknown };
        return { ...row, data: { ...data, ...(end !== null && { expiresAt: end }) } };
      }
      case 'message.fired':
        return expiry(row && (row.data as { expiresAt?: unknown }).expiresAt);
      default:
        return undefined;
    }
  },
};
