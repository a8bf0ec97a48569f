import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Disposables, HarkError } from '@hark/kernel';
import { endChild } from '../up/end-child';
import { readRunFile, RunFile } from '../up/run-file';
import { mainOf } from '../up/services';
import { readSettings } from '../up/settings';

const readyTimeoutMs = 60_000;
/** Removed: only the sandbox shows what arrives, and stores in use hold data this hub does not know. */
const notOurs: ReadonlySet<string> = new Set([
  'WECHAT_BASE_URL',
  'SMTP_URL',
  'BARK_BASE_URL',
  'EVENTSTORE_URL',
  'NATS_URL',
  'DATABASE_URL',
]);
const stopTimeoutMs = 15_000;

export interface OwnHubOptions {
  readonly split: boolean;
  /** Write a CPU profile of the hub's process (with `split` of its services' too) into this folder when it stops. */
  readonly profileDir?: string;
}

/** The bench's own hub, ready. */
export interface OwnHub {
  readonly home: string;
  readonly run: RunFile;
}

/**
 * Starts `hark up` as a process with its data in a new folder. How to stop it and remove the folder is in `started`
 * before it is ready, so that nothing outlives a bench that is interrupted meanwhile.
 */
export async function startOwnHub(
  env: NodeJS.ProcessEnv,
  { split, profileDir }: OwnHubOptions,
  started: Disposables,
): Promise<OwnHub> {
  const home = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  // A hub killed during its start may leave a database that is still shutting down.
  started.add({ close: () => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) });
  const own = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !notOurs.has(name))),
    HARK_HOME: home,
    HARK_PORT: '0',
    HARK_SANDBOX_PORT: '0',
  };
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileDir)}`];
  const args = [...process.execArgv, ...profiling, mainOf('cli'), 'up', ...(split ? ['--split'] : [])];
  // A session of its own, so that Ctrl-C reaches only the bench, which stops the hub after it has stopped sending.
  const child = spawn(process.execPath, args, { env: own, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  child.once('exit', () => process.removeListener('exit', endWithUs));
  started.add({ close: async () => void (await endChild(child, stopTimeoutMs)) });
  await ready(child);
  return { home, run: readRunFile(readSettings(own)) };
}

async function ready(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  const gone = once(child, 'exit', { signal: timeout }).then(() => Promise.reject(new Error('it ended')));
  const said = new Promise<void>((resolve) => lines.on('line', (line) => line.startsWith('ready ') && resolve()));
  gone.catch(() => undefined);
  try {
    await Promise.race([said, gone]);
  } catch (cause) {
    throw new HarkError('unavailable', 'bench.no-hub', 'the hub of the bench did not start', {}, { cause });
  }
}
