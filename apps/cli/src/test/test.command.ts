import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { findChromium, howToGetChromium } from '../open/chromium';
import { affectedBy, changedSince } from './affected';

const root = join(__dirname, '..', '..', '..', '..');
const bin = (path: string): string => join(root, 'node_modules', path);

type Check = readonly [name: string, ...command: string[]];

/** Side by side, because each uses one core. */
const checks: readonly (readonly Check[])[] = [
  [
    // Makes the types of the hub's API, which the linter reads.
    ['types of console and mini program', join(root, 'tools/build/check-console.mjs')],
    ['lint', bin('eslint/bin/eslint.js'), '--max-warnings', '0', 'apps', 'libs', 'tools', 'examples'],
  ],
  [
    ['format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    ['types', bin('typescript/bin/tsc'), '-p', 'tsconfig.json'],
  ],
];
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest/bin/jest.js')];
const parts = ['unit', 'int', 'e2e'];
/** One more than the cores of a small machine, because whoever waits for a hub, a browser or a disk leaves a core free. */
const workersMax = 3;

const options = { affected: { type: 'boolean', default: false }, base: { type: 'string' } } as const;

/**
 * `hark test`: format, types and lint, then every test; or only the parts (unit, int, e2e) and paths that are named, or what
 * a change affects. Ends with a line `N passed, N failed`; throws at the first thing that fails.
 */
export async function test(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { positionals, values } = readArguments('test', args, { options, allowPositionals: true });
  const named = positionals.filter((arg) => parts.includes(arg));
  const paths = positionals.filter((arg) => !parts.includes(arg));
  if (values.affected) {
    const { folders, why } = await affectedBy(await changedSince(values.base ?? 'main', root), root);
    process.stdout.write(`hark test: ${why}\n`);
    // Tests in tools look at the whole tree.
    paths.push(...[...folders, 'tools'].map((folder) => `./${folder}/`));
  }
  if (args.length === 0) {
    const ended = await Promise.allSettled(checks.map((beside) => runAll(beside, env)));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }
  const folder = mkdtempSync(join(tmpdir(), 'hark-test-'));
  try {
    const results = join(folder, 'results.json');
    const selected = [
      '--selectProjects',
      ...(named.length > 0 ? named : parts),
      ...(paths.length > 0 ? ['--testPathPatterns', ...paths] : []),
    ];
    if ((named.length === 0 || named.includes('e2e')) && findChromium(env) === undefined)
      process.stdout.write(`hark test: ${howToGetChromium}\n`);
    await run('tests', [...jest, workersOn(env), '--json', `--outputFile=${results}`, ...selected], env);
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8')) as Record<string, number>;
    process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hubs on one broker would answer each other's requests: with given brokers there are as many workers as brokers. */
function workersOn({ HARK_TEST_NATS_URLS: brokers, NATS_URL, EVENTSTORE_URL }: NodeJS.ProcessEnv): string {
  if (EVENTSTORE_URL) return '--runInBand';
  if (brokers) return `--maxWorkers=${brokers.split(' ').length}`;
  return NATS_URL ? '--runInBand' : `--maxWorkers=${workersMax}`;
}

async function runAll(all: readonly Check[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const [name, ...command] of all) await run(name, command, env);
}

async function run(name: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const begun = performance.now();
  process.stdout.write(`hark test: ${name} …\n`);
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new HarkError('refused', 'test.failed', `${name} failed`);
  process.stdout.write(`hark test: ${name} passed in ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
}
