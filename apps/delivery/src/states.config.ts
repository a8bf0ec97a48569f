import { foldedBy, StatesOf } from '@hark/service';
import { creditDecider } from './domain/credit.decider';
import { deliveryDecider } from './domain/delivery.decider';
import { digestDecider } from './domain/digest.decider';
import { endpointTestDecider } from './domain/endpoint-test.decider';
import { inboxItemDecider } from './domain/inbox-item.decider';
import { noticeDecider } from './domain/notice.decider';
import { ringsDecider } from './domain/rings.decider';

/** What each stream of this service adds up to. */
export const states: StatesOf<'delivery'> = {
  delivery: foldedBy(deliveryDecider),
  inbox_item: foldedBy(inboxItemDecider),
  notice: foldedBy(noticeDecider),
  credit: foldedBy(creditDecider),
  ring: foldedBy(ringsDecider),
  digest: foldedBy(digestDecider),
  endpoint_test: foldedBy(endpointTestDecider),
};
