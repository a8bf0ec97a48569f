import { type UpdateReq, UpdateResp } from '@eventstore/db-client/generated/persistent_pb';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupRequest } from './request-settings';

/** Changes a group's settings; its readers are dropped. */
export const update = (subscriptions: PersistentSubscriptions) =>
  unary<UpdateReq, UpdateResp>(subscriptions.onUnexpected, async (request) => {
    await subscriptions.update(readGroupRequest(request.getOptions()));
    return new UpdateResp();
  });
