import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { EventLog } from '../event-log';
import { create } from './create';
import { deleteGroup } from './delete';
import { getInfo } from './get-info';
import type { OnUnexpected } from './handler';
import { list } from './list';
import { PersistentSubscriptions } from './persistent-subscriptions';
import { read } from './read';
import { replayParked } from './replay-parked';
import { restartSubsystem } from './restart-subsystem';
import { update } from './update';

/** The persistent subscriptions of one log. */
export interface PersistentSubscriptionsServer {
  /** For `PersistentSubscriptionsService` of the client package's generated code. */
  readonly handlers: UntypedServiceImplementation;
  /** Ends every reader with `persistent-subscription-dropped` and waits, at most 5 s, for running writes. */
  close(): Promise<void>;
}

/**
 * Starts every group the log knows of. The log must be open and must stay so until `close` has resolved; groups and
 * checkpoints are events in it, so that nothing else needs to be kept. `onUnexpected` hears of failures that were not
 * foreseen, such as a full disk; by default they go to standard error.
 */
export function createPersistentSubscriptions(
  log: EventLog,
  onUnexpected: OnUnexpected = (error) => console.error('event store:', error),
): PersistentSubscriptionsServer {
  const subscriptions = new PersistentSubscriptions(log, onUnexpected);
  const nowMs = Date.now;
  return {
    handlers: {
      create: create(subscriptions),
      update: update(subscriptions),
      delete: deleteGroup(subscriptions),
      read: read(subscriptions),
      getInfo: getInfo(subscriptions, nowMs),
      replayParked: replayParked(subscriptions),
      list: list(subscriptions, nowMs),
      restartSubsystem: restartSubsystem(subscriptions),
    },
    close: () => subscriptions.close(),
  };
}
