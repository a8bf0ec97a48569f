import { CallbackEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { callbackRows } from './callback-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-05T09:00:05.000Z';
const queued: CallbackEvent = { type: 'callback.queued', data: { appId: 'a', type: 'binding.bound', at } };
const failed = (more: object = {}): CallbackEvent => ({
  type: 'callback.failed',
  data: { number: 1, reason: 'answered', status: 500, at, ...more },
});

it('the rows of callbacks say what was tried, and when it is tried again', () =>
  projectionSpec(callbackRows)
    .given(
      stream<CallbackEvent[]>('c1', queued),
      stream<CallbackEvent[]>('c2', queued, failed({ retryAt: later })),
      stream<CallbackEvent[]>(
        'c3',
        queued,
        failed({ retryAt: later }),
        { type: 'callback.resumed', data: { number: 1, epoch: 1, at: later } },
        { type: 'callback.sent', data: { number: 2, status: 204, at: later } },
      ),
      stream<CallbackEvent[]>('c4', queued, failed()),
    )
    .thenRows(
      { callback_id: 'c1', app_id: 'a', status: 'pending', tries: [], retry_at: null, place: '1', happened_at: at },
      { status: 'pending', retry_at: later, tries: [{ at, status: 500, reason: 'answered' }] },
      { status: 'delivered', retry_at: null, tries: [{ status: 500 }, { at: later, status: 204 }] } as never,
      { status: 'failed', retry_at: null },
    ));
