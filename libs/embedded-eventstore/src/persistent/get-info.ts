import { type GetInfoReq, GetInfoResp } from '@eventstore/db-client/generated/persistent_pb';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupName } from './request-settings';
import { subscriptionInfo } from './subscription-info';

/** One group's settings, statistics and connections. */
export const getInfo = (subscriptions: PersistentSubscriptions, nowMs: () => number) =>
  unary<GetInfoReq, GetInfoResp>(subscriptions.onUnexpected, (request) => {
    const { stream, group } = readGroupName(request.getOptions());
    return new GetInfoResp().setSubscriptionInfo(subscriptionInfo(subscriptions.get(stream, group), nowMs()));
  });
