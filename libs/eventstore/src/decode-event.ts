import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import { RecordedEvent } from './recorded-event';
import { parseStreamName } from './stream-name';

/** A recorded event as EventStoreDB's streams.proto and persistent.proto have it. */
export interface EventMessage {
  getId(): UUID | undefined;
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
  getStreamRevision(): string;
  getCommitPosition(): string;
  getMetadataMap(): { get(name: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

/** The event of ours in a message, decoded once; undefined for what is no event of ours, such as a tombstone or a link. */
export function decodeEvent(message: EventMessage): RecordedEvent | undefined {
  const properties = message.getMetadataMap();
  if (properties.get('content-type') !== 'application/json') return undefined;
  const data = jsonOf(message.getData_asU8());
  if (data === undefined) return undefined;
  const streamId = streamIdOf(message);
  const { category, id } = parseStreamName(streamId);
  return {
    event: { type: properties.get('type') ?? '', data },
    category,
    id,
    streamId,
    revision: Number(message.getStreamRevision()),
    position: BigInt(message.getCommitPosition()),
    eventId: message.getId()?.getString() ?? '',
    recordedAt: new Date(Number(properties.get('created') ?? '0') / ticksPerMs).toISOString(),
    metadata: jsonOf(message.getCustomMetadata_asU8()) ?? {},
  };
}

/** The name of the stream that a message's event is in. */
export const streamIdOf = (message: EventMessage): string =>
  textOf(message.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());

/** `created` counts in ticks of 100 ns since 1970 (EventStoreDB's .NET ticks). A double is exact to the microsecond. */
const ticksPerMs = 10_000;

function jsonOf(bytes: Uint8Array): object | undefined {
  if (bytes.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString();
