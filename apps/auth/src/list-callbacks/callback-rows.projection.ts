import { CallbackEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** One call to an app's server, as `auth.callbacks` has it. */
export interface CallbackRow {
  callback_id: string;
  app_id: string;
  type: string;
  status: 'pending' | 'delivered' | 'failed';
  /** Ten at most. */
  tries: readonly { readonly at: string; readonly status?: number; readonly reason?: string }[];
  retry_at: string | null;
  place: string | number;
  happened_at: string;
}

/** `auth.callbacks`: one row a callback. */
export const callbackRows: FoldProjection<CallbackRow, CallbackEvent> = {
  name: 'auth.callbacks.v1',
  table: 'auth.callbacks',
  key: ['callback_id'],
  categories: ['callback'],
  replacing: ['callback.queued'],

  keyOf: ({ id }) => ({ callback_id: id }),

  evolve(row, { event, id, position }) {
    if (event.type === 'callback.queued') {
      const { appId, type, at } = event.data;
      const place = String(position);
      return {
        callback_id: id,
        app_id: appId,
        type,
        status: 'pending',
        tries: [],
        retry_at: null,
        place,
        happened_at: at,
      };
    }
    if (row === undefined) return row;
    switch (event.type) {
      case 'callback.sent': {
        const { status, at } = event.data;
        return { ...row, status: 'delivered', tries: [...row.tries, { at, status }], retry_at: null };
      }
      case 'callback.failed': {
        const { number: _, retryAt, ...tried } = event.data;
        const status = retryAt === undefined ? 'failed' : 'pending';
        return { ...row, status, tries: [...row.tries, tried], retry_at: retryAt ?? null };
      }
      case 'callback.put-off':
        return { ...row, retry_at: event.data.retryAt };
      case 'callback.resumed':
        return { ...row, retry_at: null };
      default:
        event satisfies never;
        return row;
    }
  },
};
