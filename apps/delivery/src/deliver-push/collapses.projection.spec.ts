import { DeliveryEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { collapses } from './collapses.projection';

type Attempted = Extract<DeliveryEvent, { type: 'delivery.attempted' }>;
const attempted = (endpointId: string, collapseKey?: string): Attempted => {
  const attempt = { attemptId: 'a', endpointId, channel: 'bark', dedupeId: 'd', bindingRevision: 0, at: '2026' };
  return { type: 'delivery.attempted', data: { ...attempt, ...(collapseKey !== undefined && { collapseKey }) } };
};

it('what an endpoint shows under a collapse key is what was tried there last', () =>
  projectionSpec(collapses)
    .given(
      stream('p1', attempted('phone', 'eta'), attempted('tablet', 'eta')),
      stream('p2', attempted('phone', 'eta')),
      stream('p3', attempted('phone')),
    )
    .thenRows(
      { endpoint_id: 'phone', collapse_key: 'eta', push_id: 'p2' },
      { endpoint_id: 'tablet', collapse_key: 'eta', push_id: 'p1' },
    ));
