import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { endChild } from './end-child';

/** How long a hub may take until it is ready, and until it has stopped. */
const readyTimeoutMs = 110_000;
const stopTimeoutMs = 15_000;

/** The built command line; jest runs this file from src, everything else from dist. */
const cli = [process.execPath, join(__dirname, '..', '..', 'dist', 'main.js')] as const;
/** The same as people type it: installs and builds first what is missing. */
export const asTyped = [join(__dirname, '..', '..', '..', '..', 'hark')] as const;

/** A hub in a process of its own, for tests and measurements. */
export class HubProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly sandboxUrl: string,
    /** Where it says that the console is. */
    readonly consoleUrl: string,
  ) {}

  /**
   * Starts `hark up` on `env` (HARK_HOME, ports, …) and resolves when it says ready and where to look; what it logs goes to
   * stderr, or to the open file `log`.
   */
  static async start(
    env: NodeJS.ProcessEnv,
    args: readonly string[] = [],
    log: 'inherit' | number = 'inherit',
    [program, ...before]: readonly [string, ...string[]] = cli,
  ): Promise<HubProcess> {
    const child = spawn(program, [...before, 'up', ...args], { env, stdio: ['ignore', 'pipe', log] });
    const timer = setTimeout(() => child.kill('SIGKILL'), readyTimeoutMs);
    try {
      const said = await printed(child, /ready (\S+)\nsandbox (\S+).*\nconsole (\S+)/);
      return new HubProcess(child, said[1]!, said[2]!, said[3]!);
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Asks it to stop and waits for it; answers its exit code. */
  async stop(): Promise<number | null> {
    return endChild(this.child, stopTimeoutMs);
  }

  /** Like `kill -9`: none of its code runs any more. */
  async kill(): Promise<void> {
    await endChild(this.child, stopTimeoutMs, () => this.child.kill('SIGKILL'));
  }
}

/** The match of `pattern` in what the process prints; rejects when it ends without printing it. */
function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4_096);
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new HarkError('unavailable', 'hub.did-not-start', `the hub ended with ${signal ?? code}`)),
    );
  });
}
