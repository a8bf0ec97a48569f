import * as fc from 'fast-check';
import { jsonNamesMax, readStrictJson } from './strict-json';

const read = (text: string) => readStrictJson(Buffer.from(text));
const refusedAs = (code: string) => expect.objectContaining({ kind: 'invalid', code }) as Error;
const names = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',')}}`;

describe('strict JSON', () => {
  it('is read as any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__') && !/\\u(0000|d[89a-f])/i.test(text));
        expect(read(text)).toEqual(JSON.parse(text));
        expect(readStrictJson(Buffer.from(JSON.stringify(value, null, '\t')))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1 , "\\u0061" :2}', 'a'],
    ['{"a":{"b":1,"c":[1,{"d":1}],"b":2}}', 'b'],
    ['[{"a":1},{"a":1,"a":1}]', 'a'],
    ['{"__proto__":1}', '__proto__'],
    ['{"a":[{"__proto__":{}}]}', '__proto__'],
    ['{"_\\u005fproto__":1}', '__proto__'],
    ['{"a":"\\u0000"}', 'a'],
    ['{"a":"\\ud800"}', 'a'],
    ['{"a":{"b":[1,"\\udc00\\ud800"]}}', 'a.b.1'],
    ['["\\uD83D"]', '0'],
    ['{"a":{"\\udfff":1}}', 'a.\ufffd'],
    ['"\\ud83d"', '$'],
  ])('%s is refused at %s', (text, path) => {
    expect(() => read(text)).toThrow(refusedAs('request.invalid'));
    expect(() => read(text)).toThrow(
      expect.objectContaining({ detail: { errors: [expect.objectContaining({ path })] } }) as Error,
    );
  });

  it.each([
    '{"a":1,"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"b","b":"a","c":["a","a"]}',
    '{"a":"\\\\","b":"\\\\\\"","c":":"}',
    '{"":1}',
    '"\\ud83d\\ude00"',
    '{"constructor":1}',
  ])('%s is what it says', (text) => expect(read(text)).toEqual(JSON.parse(text)));

  it('may begin with one byte order mark', () => expect(read('\ufeff{"a":1}')).toEqual({ a: 1 }));

  it('leaves broken strings to others where it is told to, but not broken names', () => {
    const rules = { namesMax: 2, leaveBrokenStrings: true };
    const leaving = (text: string) => readStrictJson(Buffer.from(text), rules);
    expect(leaving('["\\ud800",{"a":"\\u0000"}]')).toEqual(['\ud800', { a: '\0' }]);
    const broken = expect.objectContaining({ path: '1.\ufffd' }) as unknown;
    expect(() => leaving('["\\ud800",{"\\ud800":1}]')).toThrow(
      expect.objectContaining({ code: 'request.invalid', detail: { errors: [broken] } }) as Error,
    );
    expect(() => leaving(names(3))).toThrow(refusedAs('request.too-deep'));
  });

  it('has a bound on its names', () => {
    expect(Object.keys(read(names(jsonNamesMax)) as object)).toHaveLength(jsonNamesMax);
    expect(() => read(names(jsonNamesMax + 1))).toThrow(refusedAs('request.too-deep'));
  });

  it.each([
    ['', 'request.not-json'],
    ['\ufeff\ufeff{}', 'request.not-json'],
    ['\ufeff', 'request.not-json'],
    ['{"a":1}}', 'request.not-json'],
    ['"', 'request.not-json'],
    ['{"a', 'request.not-json'],
    ['"\\', 'request.not-json'],
    ['['.repeat(33) + ']'.repeat(33), 'request.too-deep'],
  ])('%j is refused as %s', (text, code) => expect(() => read(text)).toThrow(refusedAs(code)));

  it('never fails in another way, whatever comes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0a1 \n') }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        try {
          readStrictJson(some);
        } catch (error) {
          expect(error).toMatchObject({ name: 'HarkError', kind: 'invalid' });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the largest bodies that there can be', () => {
    const largest = [
      `["${'a'.repeat(65_000)}"]`,
      `[${'"",'.repeat(21_000)}""]`,
      `["${'\\\\'.repeat(32_000)}"]`,
      `[${'"\\n",'.repeat(13_000)}""]`,
      names(jsonNamesMax),
    ];
    for (const text of largest) expect(read(text)).toEqual(JSON.parse(text));
  });
});
