import * as fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from './cursor';

const refused = expect.objectContaining({ kind: 'invalid', code: 'request.invalid' }) as Error;

describe('a cursor', () => {
  it('gives back the values it was made of', () => {
    const values = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
    fc.assert(
      fc.property(values, (sortValues) => {
        const cursor = encodeCursor(sortValues);
        expect(cursor).toMatch(/^[\w-]*$/);
        expect(decodeCursor(cursor, sortValues.length)).toEqual(sortValues);
      }),
    );
  });

  it.each([
    '',
    'x',
    '!!!',
    'bnVsbA',
    encodeCursor(['a']),
    encodeCursor(['a', 'b', 'c']),
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('{"length":2}').toString('base64url'),
    Buffer.from('["a",["b"]]').toString('base64url'),
    Buffer.from('["a",null]').toString('base64url'),
  ])('that is not ours is refused: %j', (cursor) => expect(() => decodeCursor(cursor, 2)).toThrow(refused));

  it('never fails in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cursor) => {
        try {
          decodeCursor(cursor, 2);
        } catch (error) {
          expect(error).toMatchObject({ code: 'request.invalid' });
        }
      }),
    );
  });
});

describe('a page', () => {
  const rows = [5, 4, 3].map((n) => ({ n }));
  const page = (limit: number) =>
    pageOf(
      rows,
      limit,
      ({ n }) => n * 10,
      ({ n }) => [String(n)],
    );

  it('has a cursor to its last item when a row more was read', () => {
    expect(page(2)).toEqual({ items: [50, 40], nextCursor: encodeCursor(['4']) });
  });
  it('has none at the end', () => expect(page(3)).toEqual({ items: [50, 40, 30], nextCursor: null }));
  it('may be empty', () => expect(pageOf([], 3, String, () => [])).toEqual({ items: [], nextCursor: null }));
});
