import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';

const root = join(__dirname, '..', '..', '..', '..');
const bin = (path: string): string => join(root, 'node_modules', path);

const checks: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['types', bin('typescript/bin/tsc'), '-p', 'tsconfig.json'],
  ['lint', bin('eslint/bin/eslint.js'), '--max-warnings', '0', 'apps', 'libs', 'tools'],
];
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest/bin/jest.js'), '--maxWorkers=2', '--selectProjects'];
const parts = ['unit', 'int', 'e2e'];

/** `hark test`: format, types, lint, then every test; or only the parts and files that are named. Throws at the first failure. */
export async function test(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const named = args.filter((arg) => parts.includes(arg));
  const rest = args.filter((arg) => !parts.includes(arg));
  if (args.length === 0) for (const [name, ...command] of checks) await run(name, command, env);
  await run('tests', [...jest, ...(named.length > 0 ? named : parts), ...(rest.length > 0 ? ['--', ...rest] : [])], env);
}

async function run(name: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const begun = performance.now();
  process.stdout.write(`hark test: ${name} …\n`);
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new HarkError('refused', 'test.failed', `${name} failed`);
  process.stdout.write(`hark test: ${name} passed in ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
}
