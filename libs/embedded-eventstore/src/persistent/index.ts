import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { EventLog } from '../event-log';
import { groupHandlers } from './handlers';
import { PersistentSubscriptions } from './persistent-subscriptions';
import type { OnUnexpected } from './unary';

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
 * foreseen, such as a full disk.
 */
export function createPersistentSubscriptions(
  log: EventLog,
  onUnexpected: OnUnexpected,
): PersistentSubscriptionsServer {
  const subscriptions = new PersistentSubscriptions(log, onUnexpected);
  return { handlers: groupHandlers(subscriptions), close: () => subscriptions.close() };
}
