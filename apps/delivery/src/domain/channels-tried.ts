import { ChannelOutcome } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';
import { Delivery, EndpointDelivery } from './delivery.decider';

/** Where a message was sent to, as its person may read it. */
export interface ChannelsTried {
  readonly channels?: readonly ChannelOutcome[];
  /** Nothing rings before that time, which is still to come. */
  readonly until?: IsoTime;
}

/** What a delivery says of a person's channels by `now`. Empty for a notice of the hub itself, which rings nowhere. */
export function channelsTried(delivery: Delivery, now: IsoTime): ChannelsTried {
  if (delivery.is === 'absent') return {};
  const { legs, dueAt } = delivery;
  return {
    ...(legs.length > 0 && { channels: legs.map(outcomeOf) }),
    ...(dueAt > now && legs.some(({ settled }) => settled === null) && { until: dueAt }),
  };
}

const outcomeOf = ({ endpointId, kind, settled, isStandby }: EndpointDelivery): ChannelOutcome => ({
  endpointId,
  channel: kind,
  outcome: settled ?? (isStandby ? 'standby' : 'waiting'),
});
