import * as fc from 'fast-check';
import { decodePlace, encodeCursor } from './cursor';

const refused = expect.objectContaining({ kind: 'invalid', code: 'request.invalid' }) as Error;

describe('a cursor', () => {
  const place = '8123';
  const id = '01a204fe-9174-7d52-a308-9dacdcc0e2f1';

  it('gives back the place and id it was made of', () => {
    const cursor = encodeCursor([place, id]);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodePlace(cursor)).toEqual([place, id]);
  });

  it('is nothing for the first page', () => expect(decodePlace(undefined)).toEqual([null, null]));

  it.each([
    '',
    'x',
    '!!!',
    'bnVsbA',
    encodeCursor([place]),
    encodeCursor([place, id, id]),
    encodeCursor([place, "' or true --"]),
    encodeCursor(['2026-11-22T09:00:00.000Z', id]),
    encodeCursor(['-1', id]),
    encodeCursor(['1.0', id]),
    encodeCursor([String(2n ** 63n), id]),
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('{"length":2}').toString('base64url'),
    Buffer.from('["a",["b"]]').toString('base64url'),
    Buffer.from('["a",null]').toString('base64url'),
  ])('that is not ours is refused: %j', (cursor) => expect(() => decodePlace(cursor)).toThrow(refused));

  it('never fails in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cursor) => {
        try {
          decodePlace(cursor);
        } catch (error) {
          expect(error).toMatchObject({ code: 'request.invalid' });
        }
      }),
    );
  });
});
