import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';

type Graph = ReadonlyMap<string, readonly string[]>;

/** Which file of ours imports which by its path, types too: whoever reads one has to read the other. */
function importsUnder(root: string): Graph {
  const files = globSync('{apps,libs,tools}/*/{src/**/,}*.{ts,tsx}', { cwd: root, exclude: ['**/fixtures/**'] });
  return new Map(
    files.map((file) => {
      const { importedFiles } = preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
      const own = importedFiles.filter(({ fileName }) => fileName.startsWith('.') && !/(\.css|\?url)$/.test(fileName));
      const named = own.map(({ fileName }) => join(dirname(file), fileName.replace(/\.js$/, '')));
      return [file, named.map((path) => ['.ts', '.tsx'].map((end) => path + end).find((one) => existsSync(join(root, one))) ?? join(path, 'index.ts'))];
    }),
  );
}

/** Every circle once, as the files on it in their order, beginning with the first by name. */
function circlesIn(graph: Graph): string[] {
  const circles = new Set<string>();
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const circle = path.slice(at);
      const first = circle.indexOf([...circle].sort()[0]!);
      circles.add([...circle.slice(first), ...circle.slice(0, first)].join(' → '));
    }
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const imported of graph.get(file) ?? []) visit(imported);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return [...circles].sort();
}

describe('the files', () => {
  const root = join(__dirname, '../..');
  const graph = importsUnder(root);

  it('import files that are there', () => {
    expect(graph.size).toBeGreaterThan(500);
    const missing = [...graph].flatMap(([file, imported]) => imported.filter((one) => !existsSync(join(root, one))).map((one) => `${file}: ${one}`));
    expect(missing).toEqual([]);
  });

  it('do not import each other in a circle', () => expect(circlesIn(graph)).toEqual([]));
});

describe('a circle', () => {
  it('is found wherever it begins', () => {
    const graph = new Map([
      ['main', ['c', 'a']],
      ['c', ['a']],
      ['a', ['b', 'leaf']],
      ['b', ['c']],
      ['self', ['self']],
      ['leaf', []],
    ]);
    expect(circlesIn(graph)).toEqual(['a → b → c', 'self']);
  });

  it('is not what two use', () =>
    expect(
      circlesIn(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['leaf']],
          ['c', ['leaf']],
        ]),
      ),
    ).toEqual([]));
});
