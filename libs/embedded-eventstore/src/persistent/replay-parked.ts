import { type ReplayParkedReq, ReplayParkedResp } from '@eventstore/db-client/generated/persistent_pb';
import { groupFailed } from '../service-error';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { readGroupName } from './request-settings';

/** Gives a group's parked events out again, all or those below a number. */
export const replayParked = (subscriptions: PersistentSubscriptions) =>
  unary<ReplayParkedReq, ReplayParkedResp>(subscriptions.onUnexpected, async (request) => {
    const options = request.getOptions();
    const { stream, group } = readGroupName(options);
    const stopAt = options?.hasStopAt() === true ? BigInt(options.getStopAt()) : undefined;
    if (stopAt !== undefined && stopAt < 0n) {
      throw groupFailed(stream, group, 'Cannot stop replaying parked message at a negative version.');
    }
    await subscriptions.get(stream, group).replayParked(stopAt);
    return new ReplayParkedResp();
  });
