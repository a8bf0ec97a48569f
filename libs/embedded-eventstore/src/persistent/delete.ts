import { type DeleteReq, DeleteResp } from '@eventstore/db-client/generated/persistent_pb';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupName } from './request-settings';

/** Deletes a group; its readers are dropped. */
export const deleteGroup = (subscriptions: PersistentSubscriptions) =>
  unary<DeleteReq, DeleteResp>(subscriptions.onUnexpected, async (request) => {
    await subscriptions.delete(readGroupName(request.getOptions()));
    return new DeleteResp();
  });
