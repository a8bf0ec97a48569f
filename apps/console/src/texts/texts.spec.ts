import { en } from './en';
import { opsEn } from './ops.en';
import { opsZh } from './ops.zh';
import { zh } from './zh';

/** Every text by its name; of those that take words, what they say of `x`. */
function textsOf(tree: object, at = ''): (readonly [name: string, text: string])[] {
  return Object.entries(tree).flatMap(([name, value]: [string, unknown]) => {
    const path = at === '' ? name : `${at}.${name}`;
    if (typeof value === 'function')
      return [[path, String((value as (...words: string[]) => unknown)('x', 'y'))] as const];
    return typeof value === 'object' && value !== null ? textsOf(value, path) : [[path, String(value)] as const];
  });
}

describe.each([
  ['of everybody', en, zh],
  ['of operators', opsEn, opsZh],
])('the texts %s', (_, en, zh) => {
  it('are there in both languages', () => {
    expect(textsOf(zh).map(([name]) => name)).toEqual(textsOf(en).map(([name]) => name));
    expect([...textsOf(en), ...textsOf(zh)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are each in their language, with its own punctuation', () => {
    const names = /^(channels\.(kinds|fields)|logIn\.people)\./;
    expect(textsOf(en).filter(([, text]) => /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/.test(text))).toEqual([]);
    expect(textsOf(zh).filter(([name, text]) => !names.test(name) && !/[\u4e00-\u9fff]/.test(text))).toEqual([]);
    // Half-width commas and full stops between characters are a keyboard's, not Chinese.
    expect(textsOf(zh).filter(([, text]) => /[\u4e00-\u9fff][,.;:?!()]/.test(text))).toEqual([]);
  });
});
