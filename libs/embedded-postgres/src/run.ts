import { spawn, type StdioOptions } from 'node:child_process';

/** How a helper program ended. `output` is stdout and stderr together, cut to its last `MAX_OUTPUT_CHARS`. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const MAX_OUTPUT_CHARS = 8_000;

/**
 * The environment of every child: nothing of the caller's, so that neither an odd `LC_ALL` nor a `PGDATA`, `PGPORT` or
 * `PGOPTIONS` of the person who started Hark changes what the server does.
 */
export const childEnv = (): NodeJS.ProcessEnv => ({
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: process.env['PATH'] || '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
});

/**
 * Runs a program to its end and never rejects: one that cannot be started, or is cut at `deadlineMs`, has code null.
 * `descriptors` become 3, 4, … in the child.
 */
export function run(
  command: readonly string[],
  deadlineMs: number,
  descriptors: readonly number[] = [],
): Promise<Ended> {
  const [file = '', ...args] = command;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...descriptors];
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio, cwd: '/', env: childEnv(), timeout: deadlineMs, killSignal: 'SIGKILL' });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

const ESSENCE_LINES_MAX = 2;

/** What of a program's output tells why it failed, in one line: its errors, or else what it said last. */
export function essenceOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter((line) => /\b(FATAL|PANIC|ERROR|error):|could not|cannot|No space left/.test(line));
  return (errors.length > 0 ? errors.slice(-ESSENCE_LINES_MAX) : lines.slice(-1)).join('; ') || 'it said nothing';
}
