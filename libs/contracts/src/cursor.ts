import { HarkError } from '@hark/kernel';

/** Where a list goes on: the sort values of the last item shown. Opaque to clients. */
export const encodeCursor = (values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** The sort values in a cursor of ours with `count` of them; `request.invalid` for anything else. */
export function decodeCursor(cursor: string, count: number): string[] {
  try {
    const values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(values) && values.length === count && values.every((value) => typeof value === 'string'))
      return values;
  } catch {
    // Told below, like every other cursor that is not ours.
  }
  throw new HarkError('invalid', 'request.invalid', 'the cursor is not one of ours', {
    errors: [{ path: 'cursor', message: 'must be a nextCursor that a list returned' }],
  });
}

/** One page out of `limit + 1` rows that were read: the items, and the cursor when there are more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  sortValues: (row: Row) => readonly string[],
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), nextCursor: rows.length > limit && last ? encodeCursor(sortValues(last)) : null };
}
