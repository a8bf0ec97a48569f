import { BindingEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { bindingNames } from './binding-names.projection';

const at = '2026-01-05T09:00:00.000Z';
const ids = { appId: 'app', personId: 'person', openid: 'v1.person.aa.bb', consentId: 'c', keyHash: 'k' };
const bound = (appName?: string): BindingEvent => ({
  type: 'binding.bound',
  data: { ...ids, level: 'strong', channels: null, at, ...(appName !== undefined && { appName }) },
});
const named: BindingEvent = { type: 'binding.app-named', data: { appName: 'mine', at } };
const muted: BindingEvent = { type: 'binding.muted', data: { until: null, at } };
const rows = projectionSpec(bindingNames);

describe('the names that people’s clients gave to apps', () => {
  it('are the latest; a binding without one has no row', () =>
    rows
      .given(stream('b1', bound('theirs')), stream('b2', bound()), stream('b1', named, muted))
      .thenRows({ binding_id: 'b1', name: 'mine' }));

  it('go with their person, not with the consent', () => {
    const unbound = (reason: 'person-erased' | 'requested'): BindingEvent => ({
      type: 'binding.unbound',
      data: { reason, at },
    });
    rows
      .given(stream('b1', bound('a'), unbound('person-erased')), stream('b2', bound('b'), unbound('requested')))
      .thenRows({ binding_id: 'b2' });
  });

  it('go with a new consent that names none', () => rows.given(stream('b1', bound('theirs'), bound())).thenRows());
});
