import { BindingEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { openids } from './openids.projection';

const at = '2026-11-22T09:00:00.000Z';
const bound = (openid: string): BindingEvent => ({
  type: 'binding.bound',
  data: {
    ...{ appId: 'app', personId: 'p', openid, consentId: 'c', level: 'strong', channels: null, at },
    keyHash: 'h',
  },
});
const unbound = (reason: 'requested' | 'person-erased'): BindingEvent => ({
  type: 'binding.unbound',
  data: { reason, at },
});

it('the openid of a binding is the sealed one of its latest consent, until the person is erased', () =>
  projectionSpec(openids)
    .given(
      stream<BindingEvent[]>('b1', bound('v1.p.old'), unbound('requested'), bound('v1.p.new')),
      stream<BindingEvent[]>('b2', bound('v1.q.x'), unbound('requested')),
      stream<BindingEvent[]>('b3', bound('v1.r.x'), unbound('person-erased')),
    )
    .thenRows({ binding_id: 'b1', openid: 'v1.p.new' }, { binding_id: 'b2', openid: 'v1.q.x' }));
