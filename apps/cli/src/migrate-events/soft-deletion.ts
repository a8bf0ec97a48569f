import type { CopiedEvent } from './copied-event';

/** `$tb` as the store writes it when a stream is soft-deleted; read as text, because `JSON.parse` would round it. */
const deletedMark = '9223372036854775807';

/** Whether an event is stream metadata that hides the whole stream: the next write to that stream undoes it. */
export function isSoftDeletion({ streamId, contentType, data }: CopiedEvent): boolean {
  if (!streamId.startsWith('$$') || contentType !== 'application/json') return false;
  const spellings = new Map<unknown, string | undefined>();
  try {
    const remember = function (this: unknown, key: string, value: unknown, context?: { source?: string }): unknown {
      if (key === '$tb') spellings.set(this, context?.source);
      return value;
    };
    const members: unknown = JSON.parse(Buffer.from(data).toString('utf8'), remember);
    return spellings.get(members) === deletedMark;
  } catch {
    return false;
  }
}
