import { PushContent } from '@hark/contracts';

/**
 * All words of a push as one text, so that a word split over two fields is found: first what is read together, then
 * every other text in it, whatever field it is in, also of readers of other languages and in `data`.
 */
export function messageText({ title, body, url, tags = [], thread, ...others }: PushContent): string {
  return [title, body, url, ...tags, thread, ...textsIn(others)]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}

/** The texts in a value, names of fields of the sender's own included. */
function textsIn(value: unknown, isNamedBySender = false): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(isNamedBySender && !Array.isArray(value) ? [name] : []),
    ...textsIn(part, isNamedBySender || name === 'data'),
  ]);
}
