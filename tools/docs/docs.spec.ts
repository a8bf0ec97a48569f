import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');
const pages = globSync(
  ['*.md', 'docs/**/*.md', '{apps,libs,tools,examples}/*/README.md', 'k8s/*.md', '.github/**/*.md'],
  {
    cwd: root,
  },
).sort();

/** What stands between backticks and begins like a path from the root; places with a `<part>` or `*` to fill in are not one. */
const pathPattern = /`((?:apps|libs|tools|docs|k8s|\.ci|\.github)\/[\w./-]+?)\/?(?::\d+)?`/g;
const linkPattern = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g;
const commandPattern = /\.\/hark +([a-z][a-z-]*)/g;

const cli = readFileSync(join(root, 'apps/cli/src/main.ts'), 'utf8');
const commands = new Set([
  'help',
  ...Array.from(cli.matchAll(/^ {2}'?([a-z-]+)'?: async \(\) =>/gm), ([, name]) => name!),
]);
const all = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, found]) => found!);

it('knows the pages and the commands', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/README.md', 'libs/gate/README.md']),
  );
  expect([...commands]).toEqual(expect.arrayContaining(['up', 'demo', 'test', 'migrate-events']));
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('names paths that exist', () => {
    expect(all(text, pathPattern).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links to pages that exist', () => {
    expect(all(text, linkPattern).filter((path) => !existsSync(join(root, dirname(page), path)))).toEqual([]);
  });

  it('names commands that exist', () => {
    expect(all(text, commandPattern).filter((name) => !commands.has(name))).toEqual([]);
  });
});

it('the map of who writes what names every reactor and every table that is rebuilt', () => {
  const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const sources = globSync('apps/*/src/**/*.{reactor,projection}.ts', { cwd: root });
  const named = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return all(text, /(?:readonly group = |\btable: )'([a-z_]+\.[a-z_-]+)'/g);
  });
  expect(named).toEqual(expect.arrayContaining(['delivery.deliver-push', 'delivery.inbox', 'intake.pushes']));
  expect(named.filter((name) => !map.includes(`\`${name}\``))).toEqual([]);
});

it('the map of who writes what names every stream at the service that writes it', () => {
  const rows = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('\n');
  const folders = readFileSync(join(root, 'libs/contracts/src/stream-states.ts'), 'utf8');
  const folded = Array.from(folders.matchAll(/^ {2}([a-z_]+): '([a-z]+)',$/gm), ([, stream, service]) => [
    service!,
    stream!,
  ]);
  // Of these nothing is decided, so no service folds them.
  const recorded = globSync('apps/*/src/**/*.ts', { cwd: root })
    .filter((file) => !/spec|fixture/.test(file))
    .flatMap((file) =>
      all(readFileSync(join(root, file), 'utf8'), /\.append\('([a-z_]+)'/g).map((stream) => [
        file.split('/')[1]!,
        stream,
      ]),
    );
  const written = [...folded, ...recorded];
  expect(written).toEqual(
    expect.arrayContaining([
      ['delivery', 'notice'],
      ['auth', 'user_look'],
    ]),
  );
  const rowOf = (service: string) => rows.find((row) => row.startsWith(`| \`apps/${service}\``));
  expect(written.filter(([service, stream]) => !rowOf(service!)?.includes(`\`${stream}-\``))).toEqual([]);
});

it('the map names every library, and every table that is made at its first need and may not be rebuilt', () => {
  const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const libraries = globSync('libs/*', { cwd: root }).filter((lib) => existsSync(join(root, lib, 'package.json')));
  expect(libraries).toContain('libs/gate');
  expect(libraries.filter((lib) => !map.includes(`\`${lib}\``))).toEqual([]);
  const tables = globSync('libs/*/src/**/*.ts', { cwd: root }).flatMap((file) =>
    all(readFileSync(join(root, file), 'utf8'), /create table if not exists ([a-z]+\.[a-z_]+)/g),
  );
  expect(tables).toContain('credentials.uses');
  expect(tables.filter((table) => !map.includes(`\`${table}\``))).toEqual([]);
});

it('every decision says whether it stands, and since when', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/adr/'));
  const standing = /^# \d+\. .+\n\nStatus: (accepted|replaced by ADR \d+), \d{4}-\d\d-\d\d/;
  expect(decisions.filter((page) => !standing.test(readFileSync(join(root, page), 'utf8')))).toEqual([]);
});

it('no page leans on a paper that is not here', () => {
  const leaning = pages.filter((page) =>
    /\b(style|reliability|domain|console|providers|code-review)\.md\b|the design's/.test(
      readFileSync(join(root, page), 'utf8'),
    ),
  );
  expect(leaning).toEqual([]);
});
