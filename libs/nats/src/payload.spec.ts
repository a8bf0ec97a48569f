import * as fc from 'fast-check';
import { HarkError } from '@hark/kernel';
import { payloadBytesMax, readPayload, writePayload } from './payload';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const read = (text: string) => readPayload(bytes(text));
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const malformed = expect.objectContaining({ kind: 'invalid', code: 'request.malformed' });

describe('reading a payload', () => {
  it("takes the data out of Nest's envelope", () =>
    expect(read('{"pattern":"auth.bind","data":{"a":1},"id":"x"}')).toEqual({ id: 'x', data: { a: 1 } }));

  it.each(['{"a":1}', '[1]', '"text"', '5', 'null', '{"id":"x","title":"t"}', '{"data":1}'])(
    'takes %s as the data itself',
    (text) => expect(read(text)).toEqual({ data: JSON.parse(text) as unknown }),
  );

  it.each([
    ['{nope'],
    [''],
    [' '],
    ['{"a":1}}'],
    ['undefined'],
    ['{"a":"\\u0000"}'],
    ['{"\\ud800":1}'],
    ['"\\udc00"'],
    ['"\\ud83d\\u0041"'],
    ['"\\uZZZZ"'],
    ['"\\'],
    ['"\\u00'],
    [nested(33)],
    [nested(200_000)],
    [`{"pattern":"p","id":"i","data":${nested(33)}}`],
  ])('refuses %.40s', (text) => expect(() => read(text)).toThrow(malformed));

  it('refuses bytes that are not UTF-8, and too many of them', () => {
    expect(() => readPayload(Uint8Array.of(0x22, 0xff, 0xfe, 0x22))).toThrow(malformed);
    expect(() => readPayload(new Uint8Array(payloadBytesMax + 1).fill(0x20))).toThrow(malformed);
  });

  it('accepts 32 levels, with and without the envelope, and brackets inside texts', () => {
    expect(read(nested(32)).id).toBeUndefined();
    expect(read(`{"pattern":"p","id":"i","data":${nested(32)}}`).id).toBe('i');
    expect(read(JSON.stringify('[{"\\'.repeat(100))).data).toBe('[{"\\'.repeat(100));
  });

  it('keeps whole surrogate pairs', () => expect(read('"\\ud83d\\ude00"').data).toBe('😀'));

  it('reads back whatever it wrote', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (data) => {
        const text = JSON.stringify(data);
        fc.pre(!/\\u(0000|d[89a-f])/i.test(text));
        expect(readPayload(bytes(writePayload('a.b', 'id', data)))).toEqual({
          id: 'id',
          data: JSON.parse(text) as unknown,
        });
      }),
    ));

  it('answers any bytes with a payload or a HarkError', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (anything) => {
        try {
          readPayload(anything);
        } catch (error) {
          expect(error).toBeInstanceOf(HarkError);
        }
      }),
      { numRuns: 2_000 },
    ));
});
