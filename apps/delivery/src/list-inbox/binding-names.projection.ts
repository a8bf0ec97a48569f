import { BindingEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** The name that a person's own client gave an app without an owner when they bound it. */
export interface BindingNameRow {
  binding_id: string;
  /** Sealed; of old logs in clear. */
  name: string;
}

export const bindingNames: FoldProjection<BindingNameRow, BindingEvent> = {
  name: 'delivery.binding-names.v1',
  table: 'delivery.binding_names',
  key: ['binding_id'],
  categories: ['binding'],
  types: ['binding.bound', 'binding.app-named', 'binding.unbound'],
  replacing: ['binding.bound', 'binding.app-named'],

  keyOf: ({ id }) => ({ binding_id: id }),

  evolve(row, { event, id }) {
    if (event.type === 'binding.unbound') return event.data.reason === 'person-erased' ? undefined : row;
    if (event.type !== 'binding.bound' && event.type !== 'binding.app-named') return row;
    const name = event.data.appName;
    return name === undefined ? undefined : { binding_id: id, name };
  },
};
