import { DeliveryEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** One message as a person sees it (消息). `content` stays sealed until it is answered. */
export interface InboxRow {
  item_id: string;
  person_id: string;
  app_id: string;
  binding_id: string;
  content: string;
  level: string | null;
  reason: string | null;
  pushed_at: string;
  filed_at: string;
}

export const inboxRows: FoldProjection<InboxRow> = {
  name: 'delivery.inbox.v1',
  table: 'delivery.inbox',
  key: ['item_id'],
  categories: ['delivery'],

  keyOf: ({ id, event }) => (event.type === 'delivery.filed' ? { item_id: id } : undefined),

  evolve(row, recorded) {
    const event = recorded.event as DeliveryEvent;
    if (event.type !== 'delivery.filed') return row;
    const { personId, appId, bindingId, content, level, reason, pushedAt, at } = event.data;
    return {
      item_id: recorded.id,
      person_id: personId,
      app_id: appId,
      binding_id: bindingId,
      content,
      level: level ?? null,
      reason: reason ?? null,
      pushed_at: pushedAt,
      filed_at: at,
    };
  },
};
