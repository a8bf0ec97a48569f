import { channelsTried } from './channels-tried';
import { Delivery, EndpointDelivery } from './delivery.decider';

const now = '2026-11-29T01:00:00.000Z';
const later = '2026-11-29T07:00:00.000Z';
const leg = (over: Partial<EndpointDelivery>) =>
  ({ endpointId: 'e', kind: 'bark', settled: null, isStandby: false, ...over }) as EndpointDelivery;
const delivery = (dueAt: string, ...legs: EndpointDelivery[]) =>
  ({ is: 'decided', dueAt, legs }) as unknown as Delivery;
const outcomes = (...legs: EndpointDelivery[]) =>
  channelsTried(delivery(now, ...legs), now).channels?.map(({ outcome }) => outcome);

describe('where a message was sent to', () => {
  it.each(['sent', 'failed', 'unknown', 'suppressed'] as const)('is, once it is settled, %s', (settled) =>
    expect(outcomes(leg({ settled }))).toEqual([settled]),
  );

  it('waits while another try may follow, and stands by behind those before it', () =>
    expect(outcomes(leg({}), leg({ isStandby: true }))).toEqual(['waiting', 'standby']));

  it('names the endpoint and its channel', () =>
    expect(channelsTried(delivery(now, leg({ settled: 'sent' })), now)).toEqual({
      channels: [{ endpointId: 'e', channel: 'bark', outcome: 'sent' }],
    }));

  it('says until when nothing rings, as long as that is to come', () => {
    expect(channelsTried(delivery(later, leg({})), now)).toMatchObject({ until: later });
    expect(channelsTried(delivery(now, leg({})), now)).not.toHaveProperty('until');
    expect(channelsTried(delivery(later, leg({ settled: 'suppressed' })), now)).not.toHaveProperty('until');
  });

  it('is nothing where nothing was to ring', () => {
    expect(channelsTried({ is: 'absent' }, now)).toEqual({});
    expect(channelsTried(delivery(now), now)).toEqual({});
  });
});
