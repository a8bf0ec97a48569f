import { HarkError, isUuid } from '@hark/kernel';

/** Where the next page of a list begins: place and id of the last item shown. Opaque to clients. */
export const encodeCursor = (values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** The largest position that Postgres and EventStoreDB can hold (64 bits, signed). */
const placeMax = 2n ** 63n - 1n;
const placePattern = /^\d{1,19}$/;

/**
 * Place in the log and id of the last item shown, or nulls for the first page. Both are checked, because they go into a
 * query. The log's order never goes back, as clocks do. Throws `request.invalid` for a cursor that no list returned.
 */
export function decodePlace(cursor: string | undefined): readonly [place: string, id: string] | readonly [null, null] {
  if (cursor === undefined) return [null, null];
  const [place, id, ...more] = valuesIn(cursor);
  const isPlace = typeof place === 'string' && placePattern.test(place) && BigInt(place) <= placeMax;
  if (isPlace && isUuid(id) && more.length === 0) return [place, id];
  throw notOurs();
}

function valuesIn(cursor: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : [];
  } catch {
    return []; // refused like any other cursor that no list returned
  }
}

const notOurs = () =>
  new HarkError('invalid', 'request.invalid', 'the cursor is not one of ours', {
    errors: [{ path: 'cursor', message: 'must be a nextCursor that a list returned' }],
  });
