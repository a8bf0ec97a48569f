import * as fc from 'fast-check';
import { jsonFaultOf } from './json-fault';

const faultOf = (text: string) => jsonFaultOf(Buffer.from(text));

describe('the fault of a document', () => {
  it.each([
    ['{"a":1,}', 1, 8, 'a comma before }'],
    ['{"a":[1,\n 2,\n ]}', 3, 2, 'a comma before ]'],
    ['{"a":tru}', 1, 6, 'unexpected t'],
    ['{"a":01}', 1, 6, 'unexpected 0'],
    ['{"你好":你}', 1, 7, 'unexpected 你'],
    ['{"a":1}}', 1, 8, 'unexpected }'],
    ["{'a':1}", 1, 2, 'text stands in double quotes'],
    ['{"a":"x\n"}', 1, 8, 'a line end or tab inside text is written \\n or \\t'],
    ['{"a"', 1, 5, 'it ends too early'],
    ['{"a":"\\x"}', 1, 7, 'unexpected \\'],
  ])('%j stands in line %i, column %i: %s', (text, line, column, reason) =>
    expect(faultOf(text)).toEqual({ line, column, message: `line ${line}, column ${column}: ${reason}` }),
  );

  it('is found in all that JSON.parse does not take, and in nothing else', () => {
    const nearly = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0a1.e- \ntrue') }),
      fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.constantFrom(...'{}[]",:x ')).map(([value, at, char]) => {
        const text = JSON.stringify(value);
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + char + text.slice(cut);
      }),
    );
    fc.assert(
      fc.property(nearly, (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        const { line, column, message } = faultOf(text);
        if (message.includes('UTF')) return; // half a pair, or a NUL: told by itself
        expect([line === undefined, column === undefined]).toEqual([parses, parses]);
      }),
      { numRuns: 500 },
    );
  });
});
