import { type CreateReq, CreateResp } from '@eventstore/db-client/generated/persistent_pb';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupRequest } from './request-settings';

/** Creates a group on a stream or on `$all`. */
export const create = (subscriptions: PersistentSubscriptions) =>
  unary<CreateReq, CreateResp>(subscriptions.onUnexpected, async (request) => {
    await subscriptions.create(readGroupRequest(request.getOptions()));
    return new CreateResp();
  });
