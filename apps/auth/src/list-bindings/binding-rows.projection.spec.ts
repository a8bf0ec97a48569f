import { BindingEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { bindingRows } from './binding-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const bound = (consentId: string): BindingEvent => ({
  type: 'binding.bound',
  data: {
    appId: 'app',
    personId: 'person',
    openid: 'v1.x',
    consentId,
    level: 'strong',
    keyHash: 'k',
    channels: null,
    at,
  },
});
const muted: BindingEvent = { type: 'binding.muted', data: { until: null, at } };
const confirmed: BindingEvent = { type: 'binding.confirmed', data: { consentId: 'c1', at } };
const unbound: BindingEvent = { type: 'binding.unbound', data: { reason: 'requested', at } };
const rows = projectionSpec(bindingRows);

describe('the rows of bindings', () => {
  it('say what stands, in the order in which it was agreed to', () =>
    rows
      .given(stream('b1', bound('c1')), stream('b2', bound('c2')), stream('b1', muted, confirmed))
      .thenRows(
        { binding_id: 'b1', status: 'active', muted: { until: null }, confirmed: true, place: '1', bound_at: at },
        { binding_id: 'b2', muted: null, confirmed: false, place: '2', level: 'strong', app_name: null },
      ));

  it('stay after the end, and come to the front with a new consent', () => {
    rows.given(stream('b1', bound('c1'), unbound)).thenRows({ status: 'unbound', place: '1' });
    rows
      .given(stream('b1', bound('c1'), unbound, bound('c2')))
      .thenRows({ status: 'active', consent_id: 'c2', place: '3' });
  });

  it('go with their person', () => {
    const erased = (more: object = {}): BindingEvent => ({
      type: 'binding.unbound',
      data: { reason: 'person-erased', ...more, at },
    });
    const before = erased({ endedBefore: true });
    rows.given(stream('b1', bound('c1'), erased()), stream('b2', bound('c2'), unbound, before)).thenRows();
  });

  it('are not made by what follows a consent that nobody knows', () => rows.given(stream('b1', muted)).thenRows());
});
