import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const files = globSync(
  [
    'hark',
    'apps/cli/src/{help,failure-text}.ts',
    'apps/gateway/src/{texts,openapi}/*.ts',
    'apps/{console,miniprogram}/src/texts/*zh.ts',
  ],
  { cwd: root },
)
  .filter((file) => !file.endsWith('.spec.ts'))
  .sort();

const literalPattern = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const halfWidth = /\p{Script=Han}[(),:;?!]|[),:;?!]\p{Script=Han}|\(\p{Script=Han}/u;
/** What stands in code inside a text keeps the punctuation of the code. */
const withoutCode = (text: string): string => text.slice(1, -1).replace(/`[^`]*`|\$\{[^}]*\}/g, '');

/** The Chinese texts of a file that have the punctuation of English. */
const wrongIn = (source: string): string[] =>
  source
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\*|\/\*|#)/.test(line))
    .flatMap((line) => line.match(literalPattern) ?? [])
    .filter((text) => halfWidth.test(withoutCode(text)));

describe('Chinese texts', () => {
  it('are looked for where they stand, and told by their punctuation', () => {
    expect(files.length).toBeGreaterThan(8);
    expect(wrongIn("'端口(0 表示自动)' '请重试,谢谢' '标题:内容' '好（的），谢谢：`a(b),c`'")).toHaveLength(3);
  });

  it.each(files)('of %s have full-width punctuation', (file) => {
    expect(wrongIn(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });
});
