import { DeleteResp, type DeleteReq } from '@eventstore/db-client/generated/persistent_pb';
import { invalidArgument } from '../service-error';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupName } from './request-settings';

/** Deletes a group; its readers are dropped. */
export const deleteGroup = (subscriptions: PersistentSubscriptions) =>
  unary<DeleteReq, DeleteResp>(subscriptions.onUnexpected, async (request) => {
    const options = request.getOptions();
    if (options === undefined) throw invalidArgument('The request has no options.');
    await subscriptions.delete(readGroupName(options));
    return new DeleteResp();
  });
