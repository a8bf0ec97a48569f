import { formatOf } from './markdown-tokens';

const typesOf = (text: string) => formatOf(text)?.tokens.map(({ type }) => type);

describe('the format of a message', () => {
  it('is its parts, and whether there are pictures to ask for', () => {
    expect(typesOf('# One\n\n- two')).toEqual(['heading', 'space', 'list']);
    expect(formatOf('![x](https://a.test/x.png)')?.hasPictures).toBe(true);
    expect(formatOf('| a |\n|---|\n| ![x](HTTPS://a.test/x.png) |')?.hasPictures).toBe(true);
    expect(formatOf('![x](http://a.test/x.png) ![y](data:image/png,x) [z](https://a.test)')?.hasPictures).toBe(false);
  });

  it('ends where its parts lie too deep, which are there as they were written', () => {
    const deep = JSON.stringify(formatOf(`${'> '.repeat(14)}![x](https://a.test/x.png)`));
    expect(deep.split('"blockquote"')).toHaveLength(14);
    expect(deep).toContain('{"type":"raw","raw":"> ![x](https://a.test/x.png)"}');
    expect(deep).toContain('"hasPictures":false');
  });

  it('is not there for what would keep a page busy: thousands of parts, or no end of quotes in each other', () => {
    const table = (columns: number, rows: number) =>
      ['a', '-'].map((cell) => `|${`${cell}|`.repeat(columns)}\n`).join('') + '|\n'.repeat(rows);
    expect(formatOf(table(20, 100))?.tokens).toHaveLength(1);
    expect(formatOf(table(70, 100))).toBeUndefined();
    expect(formatOf(table(3_000, 3_900))).toBeUndefined();
    expect(formatOf('*a* '.repeat(3_000))).toBeUndefined();
    expect(formatOf('>'.repeat(19_000))).toBeUndefined();
  });
});
