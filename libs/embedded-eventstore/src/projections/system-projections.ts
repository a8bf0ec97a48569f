import { type EventHead, type LogEvent, MAX64 } from '../event-log';
import { linkType } from '../links';
import { parseStreamMetadata } from '../stream-metadata';
import { baseOfMetastream, isMetastream } from '../system-streams';

const categoryPrefix = '$ce-';
const typePrefix = '$et-';
const separator = '-';
const deletedType = '$deleted';

/** Whether a stream is one of those that `$by_category` and `$by_event_type` fill, and nobody else. */
export const isProjected = (streamId: string): boolean => isCategoryStream(streamId) || streamId.startsWith(typePrefix);

export const isCategoryStream = (streamId: string): boolean => streamId.startsWith(categoryPrefix);

/** Whether only the data can tell if an event is a soft deletion. */
export const mayBeSoftDeletion = ({ streamId, type }: EventHead): boolean =>
  isMetastream(streamId) && type === '$metadata' && isSource(streamId);

export const isTombstone = ({ streamId, type }: EventHead): boolean =>
  !isMetastream(streamId) && type === '$streamDeleted';

/** A tombstone, or the metadata event of a soft deletion. */
export const isDeletion = (event: LogEvent): boolean =>
  isTombstone(event) ||
  (mayBeSoftDeletion(event) && event.isJson && parseStreamMetadata(event.data).truncateBefore === MAX64);

/**
 * The streams that get a link to an event: at most one by category and one by type. `deletion` is what `isDeletion`
 * says of the event. Depends on the event alone, so that the same log gives the same streams again.
 */
export function projectedTo({ streamId, type }: EventHead, deletion: boolean): string[] {
  if (!isSource(streamId)) return [];
  const category = categoryOf(deletion ? subjectOf(streamId) : streamId);
  const streams = category === undefined ? [] : [`${categoryPrefix}${category}`];
  if (type !== linkType) streams.push(`${typePrefix}${deletion ? deletedType : type}`);
  return streams;
}

/** The stream that an event is about: a metastream's is the one whose metadata it holds. */
export const subjectOf = (streamId: string): string => (isMetastream(streamId) ? baseOfMetastream(streamId) : streamId);

/** System streams are left out; the metadata of other streams is not. */
const isSource = (streamId: string): boolean => !subjectOf(streamId).startsWith('$');

/** What stands before the first separator, if anything does. Metastreams have no category. */
function categoryOf(streamId: string): string | undefined {
  const at = streamId.indexOf(separator);
  return at > 0 && !streamId.startsWith('$') ? streamId.slice(0, at) : undefined;
}
