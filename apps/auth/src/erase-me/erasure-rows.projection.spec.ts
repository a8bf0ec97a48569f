import { UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { erasureRows } from './erasure-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const erased: UserEvent = { type: 'user.erased', data: { at } };
const removed: UserEvent = { type: 'user.endpoint-removed', data: { endpointId: 'phone', at } };
const blocked: UserEvent = { type: 'user.blocked-app', data: { appId: 'app', at } };

describe('the rows of erasures', () => {
  it('name who was erased, and nobody else', () =>
    projectionSpec(erasureRows)
      .given(stream('ann', erased, removed), stream('ben', blocked))
      .thenRows({ person_id: 'ann', erased_at: at }));
});
