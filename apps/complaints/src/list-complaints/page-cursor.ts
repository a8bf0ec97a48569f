import { decodeCursor } from '@hark/contracts';
import { HarkError, isUuid } from '@hark/kernel';

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Time and id of the last item shown, checked, for they go into a query; nulls for the first page. */
export function readCursor(cursor: string | undefined): readonly [at: string, id: string] | readonly [null, null] {
  if (cursor === undefined) return [null, null];
  const [at = '', id = ''] = decodeCursor(cursor, 2);
  if (timePattern.test(at) && isUuid(id)) return [at, id];
  throw new HarkError('invalid', 'request.invalid', 'the cursor is not one of ours', {
    errors: [{ path: 'cursor', message: 'must be a nextCursor that a list returned' }],
  });
}
