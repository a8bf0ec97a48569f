import type { EventLog } from './event-log';
import type { OpenCalls } from './open-calls';

/** What every operation of the store is given. */
export interface StoreContext {
  readonly log: EventLog;
  readonly calls: OpenCalls;
  /** Sum of the sizes of one append's events beyond which it is refused. */
  readonly maxAppendBytes: number;
  /** Hears of failures that were not foreseen; the caller is answered UNKNOWN. */
  readonly onUnexpected: (error: unknown) => void;
}
