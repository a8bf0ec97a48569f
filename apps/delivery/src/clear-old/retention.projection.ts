import { UserEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** Somebody who wants their messages cleared away after so many days. */
export interface RetentionRow {
  person_id: string;
  days: number;
}

export const retentionRows: FoldProjection<RetentionRow, UserEvent> = {
  name: 'delivery.retention.v1',
  table: 'delivery.retention',
  key: ['person_id'],
  categories: ['user'],
  types: ['user.retention-set'],
  replacing: ['user.retention-set'],
  emptiedBy: { type: 'user.erased', column: 'person_id' },

  keyOf: ({ id }) => ({ person_id: id }),

  evolve(row, { event, id }) {
    if (event.type !== 'user.retention-set') return row;
    return event.data.days === null ? undefined : { person_id: id, days: event.data.days };
  },
};
