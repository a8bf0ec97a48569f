import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { unary } from './handler';
import type { PersistentSubscriptions } from './persistent-subscriptions';

/** Drops all readers and starts every group again from what is stored. */
export const restartSubsystem = (subscriptions: PersistentSubscriptions) =>
  unary<Empty, Empty>(subscriptions.onUnexpected, async () => {
    await subscriptions.restart();
    return new Empty();
  });
