import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(__dirname, '../..');
const timeoutMs = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'hark-slice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** This work tree, with its own projects and the packages of the true one. */
function copyTree(): void {
  const left = new Set(['node_modules', '.git', '.nx', '.hark', 'dist']);
  for (const name of readdirSync(root).filter((each) => !left.has(each))) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !left.has(basename(path)) });
  }
  mkdirSync(join(folder, 'node_modules/@hark'), { recursive: true });
  const packages = readdirSync(join(root, 'node_modules')).filter((name) => name !== '@hark' && name !== '.cache');
  for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  for (const manifest of globSync('{apps,libs}/*/package.json', { cwd: root })) {
    const { name } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as { name: string };
    symlinkSync(join(folder, dirname(manifest)), join(folder, 'node_modules', name));
  }
}

const isTypeScript = (file: string) => file.endsWith('.ts');
const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_ISOLATE_PLUGINS: 'false' };
const run = (bin: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['--experimental-vm-modules', join(folder, 'node_modules', bin), ...args], {
    cwd: folder,
    env,
  }).catch((error: { stdout: string; stderr: string }) => expect(`${error.stdout}${error.stderr}`).toBe(''));

it(
  'makes a slice that is formatted, keeps the fences, compiles and passes its tests',
  async () => {
    copyTree();
    const made = await run(
      'nx/dist/bin/nx.js',
      'g',
      './tools/generators:slice',
      'delivery',
      'archive-item',
      '--route',
      'POST /v1/inbox/archive in inbox',
    );
    const files = Array.from(made!.stdout.matchAll(/^(?:CREATE|UPDATE) (.+)$/gm), ([, file]) => file!);
    expect(files).toEqual(
      expect.arrayContaining([
        'apps/delivery/src/archive-item/archive-item.handler.ts',
        'apps/delivery/src/archive-item/archive-item.handler.int-spec.ts',
        'apps/delivery/src/delivery.module.ts',
        'apps/gateway/src/routes/inbox.routes.ts',
        'libs/contracts/src/reply-schemas.ts',
      ]),
    );
    await run('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', ...files);
    // What was written and what it reaches: the whole tree is checked where the whole tree is tested.
    const mains = ['apps/delivery/src/main.ts', 'apps/gateway/src/main.ts'];
    const written = { extends: './tsconfig.base.json', files: [...mains, ...files.filter(isTypeScript)] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(written));
    await run('typescript/bin/tsc', '-p', 'tsconfig.json');
    await run('eslint/bin/eslint.js', '--max-warnings', '0', ...files);
    await run(
      'jest/bin/jest.js',
      '--silent',
      '--selectProjects',
      'unit',
      'int',
      '--testPathPatterns',
      'archive-item',
      'gateway/src/openapi',
    );
  },
  timeoutMs,
);
