import { isUuid } from '@hark/kernel';

/**
 * `<category>-<id>`. EventStoreDB ends the category at the first `-` (its `$by_category` default), so a category never
 * holds one.
 */
export function streamName(category: string, id: string): string {
  // Only a fixed category and a canonical uuid may reach a stream name: anything else is a bug or an attack.
  if (!isUuid(id)) throw new TypeError(`not a stream id in category ${category}`);
  return `${category}-${id}`;
}

/** The parts of a stream's name; a name without `-` is a category without an id. */
export function parseStreamName(streamId: string): { category: string; id: string } {
  const dash = streamId.indexOf('-');
  if (dash < 0) return { category: streamId, id: '' };
  return { category: streamId.slice(0, dash), id: streamId.slice(dash + 1) };
}
