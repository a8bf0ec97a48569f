import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const isSpec = /(spec|\.fixture)\.ts$/;
const inCode = globSync(['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: root })
  .filter((file) => !isSpec.test(file) && !file.startsWith('libs/testing/'))
  .flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'(hark_[a-z_]+)'/g)].map(([, name]) => name!),
  );
const inDocs = [...readFileSync(join(root, 'docs/metrics.md'), 'utf8').matchAll(/^\| `(hark_[a-z_]+)` \| (\w+)/gm)];

describe('the metrics', () => {
  it('are each listed in docs/metrics.md, and nothing else is', () =>
    expect(inDocs.map(([, name]) => name).sort()).toEqual([...new Set(inCode)].sort()));

  it('are named as they are on every other page', () => {
    const pages = globSync(['README.md', 'docs/**/*.md', '{apps,libs}/*/README.md', 'k8s/*.md'], { cwd: root });
    const named = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\b(hark_[a-z_]+?)(?:_bucket|_count|_sum)?\b/g)].map(
        ([, name]) => `${page}: ${name!}`,
      ),
    );
    expect(named).toContain('docs/runbooks.md: hark_reactor_parked');
    const known = new Set(inCode);
    expect(named.filter((each) => !known.has(each.split(': ')[1]!))).toEqual([]);
  });

  it('have the names of their kinds', () => {
    for (const [, name, type] of inDocs) expect([name, type === 'counter']).toEqual([name, name!.endsWith('_total')]);
  });
});
