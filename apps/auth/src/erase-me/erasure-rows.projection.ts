import { UserEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** Somebody who had everything about them erased. Holds nothing of them. */
export interface ErasureRow {
  person_id: string;
  erased_at: string;
}

/** `auth.erasures`: whose keys the vault must not have, also when an older vault was put back. */
export const erasureRows: FoldProjection<ErasureRow, UserEvent> = {
  name: 'auth.erasures.v1',
  table: 'auth.erasures',
  key: ['person_id'],
  categories: ['user'],
  types: ['user.erased'],
  replacing: ['user.erased'],

  keyOf: ({ id }) => ({ person_id: id }),

  evolve: (row, { event, id }) => (event.type === 'user.erased' ? { person_id: id, erased_at: event.data.at } : row),
};
