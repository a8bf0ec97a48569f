import {
  type CreateReq,
  CreateResp,
  type DeleteReq,
  DeleteResp,
  type GetInfoReq,
  GetInfoResp,
  type ListReq,
  ListResp,
  type ReplayParkedReq,
  ReplayParkedResp,
  type UpdateReq,
  UpdateResp,
} from '@eventstore/db-client/generated/persistent_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { streamName } from '../codec';
import { groupFailed, unknownError } from '../service-error';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { read } from './read';
import { readGroupName, readGroupRequest } from './request-settings';
import { allStream } from './settings';
import { subscriptionInfo } from './subscription-info';
import { unary } from './unary';

/** `PersistentSubscriptions`, method by method. */
export function groupHandlers(subscriptions: PersistentSubscriptions): UntypedServiceImplementation {
  const { onUnexpected } = subscriptions;
  return {
    create: unary<CreateReq, CreateResp>(onUnexpected, async (request) => {
      await subscriptions.create(readGroupRequest(request.getOptions()));
      return new CreateResp();
    }),

    /** The group's readers are dropped. */
    update: unary<UpdateReq, UpdateResp>(onUnexpected, async (request) => {
      await subscriptions.update(readGroupRequest(request.getOptions()));
      return new UpdateResp();
    }),

    /** The group's readers are dropped. */
    delete: unary<DeleteReq, DeleteResp>(onUnexpected, async (request) => {
      await subscriptions.delete(readGroupName(request.getOptions()));
      return new DeleteResp();
    }),

    read: read(subscriptions),

    /** One group's settings, statistics and connections. */
    getInfo: unary<GetInfoReq, GetInfoResp>(onUnexpected, (request) => {
      const { stream, group } = readGroupName(request.getOptions());
      return new GetInfoResp().setSubscriptionInfo(subscriptionInfo(subscriptions.get(stream, group), Date.now()));
    }),

    /** Gives a group's parked events out again, all or those below a number. */
    replayParked: unary<ReplayParkedReq, ReplayParkedResp>(onUnexpected, async (request) => {
      const options = request.getOptions();
      const { stream, group } = readGroupName(options);
      const stopAt = options?.hasStopAt() === true ? BigInt(options.getStopAt()) : undefined;
      if (stopAt !== undefined && stopAt < 0n) {
        throw groupFailed(stream, group, 'Cannot stop replaying parked message at a negative version.');
      }
      await subscriptions.get(stream, group).replayParked(stopAt);
      return new ReplayParkedResp();
    }),

    /** All groups, or those of one stream or of `$all`. */
    list: unary<ListReq, ListResp>(onUnexpected, (request) => {
      const chosen = request.getOptions()?.getListForStream();
      if (chosen === undefined && request.getOptions()?.hasListAllSubscriptions() !== true) throw unknownError();
      const groups =
        chosen === undefined
          ? subscriptions.list()
          : subscriptions.listStream(chosen.hasAll() ? allStream : streamName(chosen.getStream()));
      const nowMs = Date.now();
      return new ListResp().setSubscriptionsList(groups.map((group) => subscriptionInfo(group, nowMs)));
    }),

    /** Drops all readers and starts every group again from what is stored. */
    restartSubsystem: unary<Empty, Empty>(onUnexpected, async () => {
      await subscriptions.restart();
      return new Empty();
    }),
  };
}
