import { DeliveryEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** A push that waits for a digest, and until when. */
export interface DigestRow {
  push_id: string;
  until: string;
}

type Event = Extract<DeliveryEvent, { type: 'delivery.postponed' | 'delivery.finished' }>;

/** `delivery.digests`: a row only while a push waits for a digest or is being told in one. */
export const digestRows: FoldProjection<DigestRow, Event> = {
  name: 'delivery.digests.v1',
  table: 'delivery.digests',
  key: ['push_id'],
  categories: ['delivery'],
  types: ['delivery.postponed', 'delivery.finished'],
  replacing: ['delivery.postponed', 'delivery.finished'],

  keyOf: ({ event, id }) =>
    event.type === 'delivery.postponed' && event.data.reason !== 'digest' ? undefined : { push_id: id },

  evolve: (_, { event, id }) =>
    event.type === 'delivery.postponed' ? { push_id: id, until: event.data.retryAt } : undefined,
};
