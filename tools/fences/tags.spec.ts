import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = join(__dirname, '../..');
interface Project {
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
}
const projects: Project[] = globSync('{apps,libs}/*/package.json', { cwd: root })
  .sort()
  .map((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string; nx?: { tags?: string[] } };
    return { name: manifest.name, folder: dirname(file), tags: manifest.nx?.tags ?? [] };
  });
const named = projects.map((project) => [project.folder, project] as const);
const byName = new Map(projects.map((project) => [project.name, project]));

/** What a project of each type may import, of ours. Its tests may use @hark/testing and @hark/sandbox too. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  contract: ['kernel', 'contract'],
  adapter: ['kernel', 'contract', 'adapter'],
  testing: ['kernel', 'contract', 'adapter'],
  'stand-in': ['kernel', 'contract', 'adapter'],
  app: ['kernel', 'contract', 'adapter'],
};
const scopes = ['shared', 'gateway', 'auth', 'intake', 'moderation', 'delivery', 'complaints'];

const tagOf = ({ tags }: Project, family: string): string[] =>
  tags.filter((tag) => tag.startsWith(`${family}:`)).map((tag) => tag.slice(family.length + 1));

/** The projects of ours that its sources name: tests among them only with `tests`. */
function usedBy({ folder, name }: Project, tests: boolean): Set<string> {
  const files = globSync(`${folder}/src/**/*.ts`, { cwd: root });
  const used = new Set<string>();
  for (const file of files) {
    if (!tests && /(spec|\.fixture)\.ts$|\/src\/testing\//.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, other] of text.matchAll(/(?:from|import|require\(|import\()\s*'(@hark\/[\w-]+)/g)) used.add(other!);
  }
  used.delete(name);
  return used;
}

describe('the tags of projects', () => {
  it('are there for every project', () => {
    expect(projects.length).toBeGreaterThan(15);
    for (const folder of globSync('{apps,libs}/*/src', { cwd: root })) {
      expect(existsSync(join(root, dirname(folder), 'package.json'))).toBe(true);
    }
  });

  it.each(named)('of %s are one type and one scope', (folder, project) => {
    expect(tagOf(project, 'type')).toEqual([expect.stringMatching(`^(${Object.keys(mayUse).join('|')})$`)]);
    expect(tagOf(project, 'scope')).toEqual([expect.stringMatching(`^(${scopes.join('|')})$`)]);
    expect(project.tags).toHaveLength(2);
    expect(tagOf(project, 'type')[0] === 'app').toBe(folder.startsWith('apps/'));
    expect(project.name).toBe(`@hark/${folder.startsWith('apps/') ? 'app-' : ''}${basename(folder)}`);
    const { scope, isService } = { scope: tagOf(project, 'scope')[0], isService: scopes.includes(basename(folder)) };
    expect(scope).toBe(folder.startsWith('apps/') && isService ? basename(folder) : 'shared');
  });

  it.each(named)('say what %s may import, and it imports nothing else of ours', (_, project) => {
    const started = project.name === '@hark/app-sandbox' ? ['stand-in'] : [];
    const allowed = [...mayUse[tagOf(project, 'type')[0]!]!, ...started];
    const typesOf = (names: ReadonlySet<string>) =>
      [...names].map((name) => [name, byName.get(name) ? tagOf(byName.get(name)!, 'type')[0] : 'of no project'] as const);
    const wrong = (names: ReadonlySet<string>, right: readonly string[]) =>
      typesOf(names).filter(([, type]) => !right.includes(type!));
    expect(wrong(usedBy(project, false), allowed)).toEqual([]);
    expect(wrong(usedBy(project, true), [...allowed, 'testing', 'stand-in'])).toEqual([]);
  });

  it('leave no circle among the libraries', () => {
    const uses = new Map(projects.map((project) => [project.name, usedBy(project, false)]));
    const circles: string[] = [];
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(' → '));
      else for (const other of uses.get(name) ?? []) visit(other, [...path, name]);
    };
    for (const { name } of projects) visit(name, []);
    expect([...new Set(circles)]).toEqual([]);
  });
});

describe('the graph of Nx', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-graph-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // What it misses, `./hark test --affected` would not run.
  it('has every project, and an edge for each that its sources and tests import', () => {
    const file = join(folder, 'graph.json');
    const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_ISOLATE_PLUGINS: 'false' };
    execFileSync(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`], { env });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
      graph: { nodes: object; dependencies: Record<string, { target: string }[]> };
    };
    expect(Object.keys(graph.nodes).sort()).toEqual([...byName.keys()].sort());
    for (const project of projects) {
      const edges = graph.dependencies[project.name]!.map(({ target }) => target);
      expect([project.name, [...usedBy(project, true)].filter((name) => !edges.includes(name))]).toEqual([project.name, []]);
    }
  });
});
