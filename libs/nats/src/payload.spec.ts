import * as fc from 'fast-check';
import { HarkError } from '@hark/kernel';
import { payloadBytesMax, readPayload, writePayload } from './payload';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const read = (text: string) => readPayload(bytes(text));
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const refused = (code: string) => expect.objectContaining({ kind: 'invalid', code }) as Error;

describe('reading a payload', () => {
  it("takes the data out of Nest's envelope", () =>
    expect(read('{"pattern":"auth.bind","data":{"a":1},"id":"x"}')).toEqual({ id: 'x', data: { a: 1 } }));

  it.each(['{"a":1}', '[1]', '"text"', '5', 'null', '{"id":"x","title":"t"}', '{"data":1}'])(
    'takes %s as the data itself',
    (text) => expect(read(text)).toEqual({ data: JSON.parse(text) as unknown }),
  );

  it.each([['{nope'], [''], [' '], ['{"a":1}}'], ['undefined'], ['"\\uZZZZ"'], ['"\\'], ['"\\u00'], ['[[[']])(
    'refuses %s as no JSON',
    (text) => expect(() => read(text)).toThrow(refused('request.not-json')),
  );

  it.each([nested(33), nested(200_000), '['.repeat(200_000), `{"pattern":"p","id":"i","data":${nested(33)}}`])(
    'refuses %.40s as too deep',
    (text) => expect(() => read(text)).toThrow(refused('request.too-deep')),
  );

  it('refuses bytes that are not UTF-8, and too many of them', () => {
    expect(() => readPayload(Uint8Array.of(0x22, 0xff, 0xfe, 0x22))).toThrow(refused('request.not-json'));
    expect(() => readPayload(new Uint8Array(payloadBytesMax + 1).fill(0x20))).toThrow(refused('request.too-large'));
  });

  it('accepts 32 levels, with and without the envelope, and brackets inside texts', () => {
    expect(read(nested(32)).id).toBeUndefined();
    expect(read(`{"pattern":"p","id":"i","data":${nested(32)}}`).id).toBe('i');
    expect(read(JSON.stringify('[{"\\'.repeat(100))).data).toBe('[{"\\'.repeat(100));
  });

  it('reads back whatever it wrote', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (data) => {
        const text = JSON.stringify(data);
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
