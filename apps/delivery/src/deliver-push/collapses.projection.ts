import { DeliveryEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** Which push an endpoint shows under a collapse key: the one that was sent there last, or is being sent. */
export interface CollapseRow {
  endpoint_id: string;
  collapse_key: string;
  push_id: string;
}

type Attempted = Extract<DeliveryEvent, { type: 'delivery.attempted' }>;

/** `delivery.collapses`: a row only where a sender gave a `collapseId`. */
export const collapses: FoldProjection<CollapseRow, Attempted> = {
  name: 'delivery.collapses.v1',
  table: 'delivery.collapses',
  key: ['endpoint_id', 'collapse_key'],
  categories: ['delivery'],
  types: ['delivery.attempted'],
  replacing: ['delivery.attempted'],

  keyOf: ({ event: { data } }) =>
    data.collapseKey === undefined ? undefined : { endpoint_id: data.endpointId, collapse_key: data.collapseKey },

  evolve: (row, { event: { data }, id }) =>
    data.collapseKey === undefined
      ? row
      : { endpoint_id: data.endpointId, collapse_key: data.collapseKey, push_id: id },
};
