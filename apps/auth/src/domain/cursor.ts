import { HarkError, isUuid } from '@hark/kernel';

/** Where a page of a list ends: the time and id of its last item. Newest first, ids break ties. */
export interface Cursor {
  readonly at: string;
  readonly id: string;
}

const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(.+)$/;

/** The cursor as clients carry it: opaque to them. */
export const writeCursor = ({ at, id }: Cursor): string => Buffer.from(`${at}_${id}`).toString('base64url');

/** What `writeCursor` wrote; anything else is `invalid` `request.invalid` naming `cursor`. */
export function readCursor(text: string): Cursor {
  const match = cursorPattern.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match && isUuid(match[2])) return { at: match[1]!, id: match[2] };
  throw new HarkError('invalid', 'request.invalid', 'the cursor is not one of ours', {
    errors: [{ path: 'cursor', message: 'must be a nextCursor of this list' }],
  });
}
