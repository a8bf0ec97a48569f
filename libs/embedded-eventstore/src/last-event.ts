import { type EventLog, type LogEvent, MAX64 } from './event-log';
import { metastreamOf } from './system-streams';

/** The last event of a stream that a reader of the stream would see, its age aside. */
export function lastEvent(log: EventLog, streamId: string): LogEvent | undefined {
  const state = log.state(streamId);
  if (state.is !== 'present' || state.softDeleted || state.first > state.last) return undefined;
  return log.readStreamBackwards(streamId, state.last, 1).find(({ revision }) => revision !== MAX64);
}

/** What was last written as a stream's metadata, if it is JSON at all. */
export function lastMetadata(log: EventLog, streamId: string): Uint8Array | undefined {
  const event = lastEvent(log, metastreamOf(streamId));
  return event?.isJson === true ? event.data : undefined;
}
