import { BindingEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** The app's own name for the person of a binding, sealed under that person's key. */
export interface OpenidRow {
  binding_id: string;
  openid: string;
}

/** `intake.openids`: for whom an app's pushes are, so that a list of them needs no streams. */
export const openids: FoldProjection<OpenidRow, BindingEvent> = {
  name: 'intake.openids.v1',
  table: 'intake.openids',
  key: ['binding_id'],
  categories: ['binding'],
  types: ['binding.bound', 'binding.unbound'],
  replacing: ['binding.bound'],

  keyOf: ({ id }) => ({ binding_id: id }),

  evolve(row, { event, id }) {
    if (event.type === 'binding.bound') return { binding_id: id, openid: event.data.openid };
    return event.type === 'binding.unbound' && event.data.reason === 'person-erased' ? undefined : row;
  },
};
