import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HarkError, Running } from '@hark/kernel';
import { endChild } from '../up/end-child';

/** What the children of the bench are; each is the file `<name>.child.js`. */
export type ChildName = 'bare-http' | 'broker' | 'echo' | 'event-store' | 'stub-store' | 'trouble-hub';

const readyTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;
/** The built scripts: from `src/bench` (in tests) and from `dist/bench` alike. */
const scripts = join(__dirname, '..', '..', 'dist', 'bench');

/**
 * A server to measure against, in its own process so that its CPU is not counted as the generator's. Ends with its
 * parent.
 */
export class BenchChild implements Running {
  private constructor(
    private readonly child: ChildProcess,
    /** The address it answers on. */
    readonly url: string,
    /** What its start took, not counting the start of its process. */
    readonly startMs: number,
  ) {}

  /**
   * Resolves when it answers; rejects when it does not in time. `option` is the child's argument: an address or a
   * folder.
   */
  static async start(name: ChildName, option = '', timeoutMs = readyTimeoutMs): Promise<BenchChild> {
    const child = fork(join(scripts, `${name}.child.js`), [option], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeoutMs);
    try {
      const ended = once(child, 'exit', { signal: stop.signal }).then(() => Promise.reject(new Error('it ended')));
      const said = once(child, 'message', { signal: stop.signal }) as Promise<[{ url: string; startMs: number }]>;
      ended.catch(() => undefined);
      said.catch(() => undefined);
      const [{ url, startMs }] = await Promise.race([said, ended]);
      return new BenchChild(child, url, startMs);
    } catch (cause) {
      child.kill('SIGKILL');
      throw new HarkError(
        'unavailable',
        'bench.child-failed',
        `the ${name} process of the bench did not start`,
        {},
        { cause },
      );
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Sends it a message; resolves when it is sent. */
  async tell(message: object): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.child.send(message, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Ends it at once, like `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Lets it end by itself, and kills it when it takes too long. */
  async close(): Promise<void> {
    const { child } = this;
    await endChild(child, stopTimeoutMs, () => child.connected && child.disconnect());
  }
}
