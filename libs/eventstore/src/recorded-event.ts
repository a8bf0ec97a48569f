import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { DomainEvent, IsoTime } from '@hark/kernel';
import { parseStreamName } from './stream-name';

/** An event's metadata. Written by `EventStore.append`; events of other origins may lack any of it. */
export interface EventMetadata {
  readonly $correlationId?: string;
  readonly $causationId?: string;
  readonly actor?: string;
  readonly requestId?: string;
  readonly commandId?: string;
  readonly requestHash?: string;
  readonly traceparent?: string;
  /** Version of the data's shape. */
  readonly schema?: number;
}

/** An event as the log has it. */
export interface RecordedEvent<E extends DomainEvent = DomainEvent> {
  readonly event: E;
  readonly category: string;
  /** The part of the stream's name after the category. */
  readonly id: string;
  readonly streamId: string;
  /** Number in its stream, from 0, without gaps. */
  readonly revision: number;
  /** Place in the whole log: larger is later. */
  readonly position: bigint;
  readonly eventId: string;
  readonly recordedAt: IsoTime;
  readonly metadata: EventMetadata;
}

/**
 * The client's event as ours. Undefined for an event that is not ours: a link, a tombstone, bytes that are not JSON.
 */
export function toRecordedEvent(event: ClientEvent | undefined): RecordedEvent | undefined {
  if (!event?.isJson || typeof event.data !== 'object' || event.data === null) return undefined;
  const metadata: unknown = event.metadata;
  return {
    event: { type: event.type, data: event.data },
    ...parseStreamName(event.streamId),
    streamId: event.streamId,
    revision: Number(event.revision),
    position: event.position?.commit ?? 0n,
    eventId: event.id,
    recordedAt: event.created.toISOString(),
    metadata: isObject(metadata) ? metadata : {},
  };
}

const isObject = (value: unknown): value is EventMetadata =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
