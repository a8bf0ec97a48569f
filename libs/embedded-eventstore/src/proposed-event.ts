import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import { readUuid } from './codec';
import type { NewEvent } from './event-log';

const nilUuid = '00000000-0000-0000-0000-000000000000';

/** The members that the two `ProposedMessage`s of `streams_pb` share. */
export interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

/** An event as proposed, or what is wrong with it. */
export type Proposal =
  | { readonly is: 'event'; readonly event: NewEvent; readonly sizeBytes: number }
  | { readonly is: 'property-missing'; readonly property: string }
  | { readonly is: 'malformed'; readonly reason: string };

/** Anything but exactly `application/json` is stored as not JSON. */
export function readProposal(message: ProposedMessage): Proposal {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (type === undefined) return { is: 'property-missing', property: 'type' };
  if (contentType === undefined) return { is: 'property-missing', property: 'content-type' };
  if (type === '') return { is: 'malformed', reason: 'the event type is empty' };
  const id = readUuid(message.getId());
  if (id === undefined || id === nilUuid) return { is: 'malformed', reason: 'the event id is no UUID' };
  const data = message.getData_asU8();
  const metadata = message.getCustomMetadata_asU8();
  const event: NewEvent = { id, type, isJson: contentType === 'application/json', data, metadata };
  return { is: 'event', event, sizeBytes: data.length + metadata.length + 2 * type.length };
}
