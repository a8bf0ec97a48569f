import { createHash } from 'node:crypto';
import { uuidText } from '../codec';
import type { LogEvent } from '../event-log';
import { linkType } from '../links';
import { isCategoryStream, isDeletion, subjectOf } from './system-projections';

/** Id, epoch and version of the projection, and version of the projection system, as in a new EventStoreDB 24.10. */
const categoryVersion = '3:-1:1:4';
const typeVersion = '4:-1:1:4';
const idNamespace = Buffer.from('5f1ddc9be5a04f6f9d3b6a5f0c1c0f7e', 'hex');

/**
 * The event number `number` of a projected stream: a link to `source`, with that event's position and time. The same
 * arguments give the same link, its id too.
 */
export function projectedLink(streamId: string, number: number, source: LogEvent): LogEvent {
  const { position, createdMs } = source;
  return {
    position,
    streamId,
    revision: BigInt(number),
    id: linkId(streamId, number),
    type: linkType,
    isJson: false,
    createdMs,
    data: isCategoryStream(streamId) ? categoryTarget(source) : target(source, subjectOf(source.streamId)),
    metadata: metadata(streamId, source),
  };
}

/** A link is not linked to: its own target is. */
const categoryTarget = (source: LogEvent): Uint8Array =>
  source.type === linkType ? source.data : target(source, source.streamId);

const target = ({ revision }: LogEvent, streamId: string): Uint8Array => Buffer.from(`${revision}@${streamId}`, 'utf8');

function metadata(streamId: string, source: LogEvent): Uint8Array {
  const deletion = isDeletion(source);
  const byCategory = isCategoryStream(streamId);
  const original = deletion ? subjectOf(source.streamId) : source.streamId;
  const members = {
    $v: byCategory ? categoryVersion : typeVersion,
    $c: source.position,
    $p: source.position,
    ...(byCategory && { $o: original }),
    ...(deletion && { $deleted: -1 }),
    $causedBy: source.id,
  };
  return Buffer.from(JSON.stringify(members), 'utf8');
}

/** A name-based UUID (version 5), so that a group knows a link again after a restart. */
function linkId(streamId: string, number: number): string {
  const bytes = createHash('sha1').update(idNamespace).update(`${number}@${streamId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}
