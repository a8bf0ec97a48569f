import { type ListReq, ListResp } from '@eventstore/db-client/generated/persistent_pb';
import { streamName } from '../codec';
import { unknownError } from '../service-error';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { allStream } from './settings';
import { subscriptionInfo } from './subscription-info';

/** All groups, or those of one stream or of `$all`. */
export const list = (subscriptions: PersistentSubscriptions, nowMs: () => number) =>
  unary<ListReq, ListResp>(subscriptions.onUnexpected, (request) => {
    const chosen = request.getOptions()?.getListForStream();
    if (chosen === undefined && request.getOptions()?.hasListAllSubscriptions() !== true) throw unknownError();
    const groups =
      chosen === undefined
        ? subscriptions.list()
        : subscriptions.listStream(chosen.hasAll() ? allStream : streamName(chosen.getStream()));
    return new ListResp().setSubscriptionsList(groups.map((group) => subscriptionInfo(group, nowMs())));
  });
