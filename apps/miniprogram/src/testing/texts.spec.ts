import { join } from 'node:path';

/** Loaded at run time: these files are compiled by the rules of the mini program. */
const textsIn = (language: string): object =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  (require(join(__dirname, '../texts', language)) as Record<string, object>)[language]!;

/** Every text by its name; of those that take words, what they say of `2`. */
const textsOf = (tree: object, at = ''): (readonly [name: string, text: string])[] =>
  Object.entries(tree).flatMap(([name, value]: [string, unknown]) => {
    const path = `${at}.${name}`;
    if (typeof value === 'object' && value !== null) return textsOf(value, path);
    return [[path, String(typeof value === 'function' ? (value as (word: number) => string)(2) : value)] as const];
  });

it('the texts are there in both languages, each with its own punctuation', () => {
  const [en, zh] = [textsOf(textsIn('en')), textsOf(textsIn('zh'))];
  expect(zh.map(([name]) => name)).toEqual(en.map(([name]) => name));
  expect(en.filter(([, text]) => text.trim() === '' || /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/.test(text))).toEqual(
    [],
  );
  expect(zh.filter(([, text]) => !/[\u4e00-\u9fff]/.test(text) || /[\u4e00-\u9fff][,.;:?!()]/.test(text))).toEqual([]);
});
