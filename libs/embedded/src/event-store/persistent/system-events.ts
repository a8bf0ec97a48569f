import { randomUUID } from 'node:crypto';
import { MAX64, type EventLog, type LogEvent, type NewEvent } from '../event-log';

/** The stream that holds the metadata of another. */
export const metastreamOf = (streamId: string): string => `$$${streamId}`;

/** A new JSON event of the system's own. `json` is the text as stored, so that 64-bit numbers survive. */
export const systemEvent = (type: string, json: string): NewEvent => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(json, 'utf8'),
  metadata: new Uint8Array(),
});

/** Stream metadata, written whole. */
export const metadataEvent = (json: string): NewEvent => systemEvent('$metadata', json);

/** The last event of a stream that a reader of the stream would see. */
export function lastEvent(log: EventLog, streamId: string): LogEvent | undefined {
  const state = log.state(streamId);
  if (state.is !== 'present' || state.softDeleted || state.first > state.last) return undefined;
  return log.readStreamBackwards(streamId, state.last, 1).find(({ revision }) => revision !== MAX64);
}

export const textOf = ({ data }: Pick<LogEvent, 'data'>): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
