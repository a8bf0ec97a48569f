import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Disposables, HarkError, Running } from '@hark/kernel';
import { endChild } from '../up/end-child';
import { readRunFile, RunFile } from '../up/run-file';
import { mainOf } from '../up/services';
import { readSettings, Settings } from '../up/settings';

const readyTimeoutMs = 120_000;
/** Removed: only the sandbox shows what arrives, and stores in use hold data this hub does not know. */
const notOurs: ReadonlySet<string> = new Set([
  'WECHAT_BASE_URL',
  'SMTP_URL',
  'BARK_BASE_URL',
  'WEBPUSH_BASE_URL',
  'EVENTSTORE_URL',
  'NATS_URL',
  'DATABASE_URL',
]);
/** One app, a few people and one address stand for many: the limits count as ever and refuse nothing. */
const limitsOfMany = {
  HARK_RATE_PER_CALLER: '100000',
  HARK_RATE_PER_ADDRESS: '100000',
  HARK_PUSH_RATE_PER_OWNER: '100000',
  HARK_PUSH_RATE_PER_RECIPIENT: '100000',
};
const stopTimeoutMs = 15_000;

/** How the bench's own hub is started. */
export interface OwnHubOptions {
  /** Arguments of `hark up`. */
  readonly args: readonly string[];
  /** Settings that only this hub gets. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The bench's own hub: `hark up` as a process with its data in a new folder, which is removed in the end. */
export class OwnHub implements Running {
  readonly settings: Settings;
  private child: ChildProcess | undefined;
  private found: RunFile | undefined;

  private constructor(
    env: NodeJS.ProcessEnv,
    private readonly args: readonly string[],
  ) {
    const own = Object.entries(env).filter(([name]) => !notOurs.has(name));
    const home = mkdtempSync(join(tmpdir(), 'hark-bench-'));
    const ports = { HARK_PORT: '0', HARK_SANDBOX_PORT: '0' };
    this.settings = readSettings({ ...limitsOfMany, ...Object.fromEntries(own), ...ports, HARK_HOME: home });
  }

  /**
   * Resolves when it is ready. How to stop it and remove the folder is in `started` before, so that nothing outlives a
   * bench that is interrupted meanwhile.
   */
  static async start(env: NodeJS.ProcessEnv, options: OwnHubOptions, started: Disposables): Promise<OwnHub> {
    const hub = started.add(new OwnHub({ ...env, ...options.env }, options.args));
    await hub.start();
    return hub;
  }

  /** Where it is now; another address after each start. */
  get run(): RunFile {
    if (this.found === undefined) throw new TypeError('the hub of the bench is not running');
    return this.found;
  }

  /** Starts it on its folder; resolves to the time until it was ready. */
  async start(): Promise<number> {
    const began = performance.now();
    const args = [...process.execArgv, mainOf('cli'), 'up', ...this.args];
    const { env } = this.settings;
    // A session of its own, so that Ctrl-C reaches only the bench, which stops the hub after it has stopped sending.
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const endWithUs = () => child.kill('SIGTERM');
    process.once('exit', endWithUs);
    child.once('exit', () => process.removeListener('exit', endWithUs));
    this.child = child;
    await ready(child);
    this.found = readRunFile(this.settings);
    return performance.now() - began;
  }

  /** Lets it stop; its folder stays. */
  async stop(): Promise<void> {
    if (this.child) await endChild(this.child, stopTimeoutMs);
  }

  /** Like `kill -9`: none of its code runs any more. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child) await endChild(child, stopTimeoutMs, () => child.kill('SIGKILL'));
  }

  async close(): Promise<void> {
    await this.stop();
    // A hub killed during its start may leave a database that is still shutting down.
    rmSync(this.settings.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
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
