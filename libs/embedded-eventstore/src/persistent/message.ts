import type { LogEvent } from '../event-log';
import type { ResolvedEvent } from '../links';
import type { CheckpointMark } from './checkpoint-tracker';

/** One event on its way through a group: waiting, outstanding with a reader, waiting for a retry, or being parked. */
export interface Message {
  readonly resolved: ResolvedEvent;
  /** The link if there is one, else the event: its id is what readers acknowledge, its position what they are shown. */
  readonly original: LogEvent;
  /** Absent for a replayed parked event: it has been counted before and holds no checkpoint back. */
  readonly mark: CheckpointMark | undefined;
  /** How often it has been given out before. */
  retryCount: number;
}
