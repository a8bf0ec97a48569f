import { DeliveryEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { digestRows } from './digests.projection';

type Event = Extract<DeliveryEvent, { type: 'delivery.postponed' | 'delivery.finished' }>;
const finished: Event = { type: 'delivery.finished', data: { outcome: 'delivered', at: '2026' } };
const postponed = (reason: string, retryAt: string): Event => ({
  type: 'delivery.postponed',
  data: { endpointId: 'phone', channel: 'bark', number: 1, reason, retryAt, at: '2026' },
});

it('what waits for a digest is there until it is over, whatever it waits for in between', () =>
  projectionSpec(digestRows)
    .given(
      stream('p1', postponed('digest', '10:00'), postponed('busy', '10:01')),
      stream('p2', postponed('quiet-hours', '07:00')),
      stream('p3', postponed('digest', '10:00'), finished),
    )
    .thenRows({ push_id: 'p1', until: '10:00' }));
