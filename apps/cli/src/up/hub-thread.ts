import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HarkError, Running } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { closeMessage, type FromThread } from './run-as-thread';

/** The parts that can run in a thread; each is the file `<name>.thread.js`, and `hark-<name>` to the machine's tools. */
export type ThreadName = 'broker' | 'sandbox';

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
/** The built programs: from `src/up` (in tests) and from `dist/up` alike. */
const programs = join(__dirname, '..', '..', 'dist', 'up');

/** A part of the hub in a thread of its own, which ends with the process. `Said` is what it says once it is ready. */
export class HubThread<Said> implements Running {
  /** Settles when the thread is gone, whether by `close` or by accident. Never rejects. */
  readonly exited: Promise<void>;
  private stopped: Promise<void> | undefined;

  private constructor(
    private readonly worker: Worker,
    readonly said: Said,
    exited: Promise<void>,
  ) {
    this.exited = exited;
  }

  /** Resolves when the part is ready; rejects with the HarkError of its own start. `options` and what it says cross as copies. */
  static async start<Said>(name: ThreadName, options: unknown): Promise<HubThread<Said>> {
    const worker = new Worker(join(programs, `${name}.thread.js`), { name: `hark-${name}`, workerData: options });
    worker.on('error', (error: Error) => process.stderr.write(`hark: ${name}: ${error.stack ?? error.message}\n`));
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const late = new HarkError('unavailable', 'thread.not-started', `the ${name}'s thread did not start`);
    const said = new Promise<Said>((resolve, reject) => {
      worker.once('message', (message: FromThread<Said>) => {
        if ('said' in message) return resolve(message.said);
        const { kind, code, message: text, detail } = message.failed;
        reject(new HarkError(kind, code, text, detail));
      });
      void exited.then(() => reject(late));
    });
    const tooLong = (): never => {
      throw late;
    };
    try {
      return new HubThread(worker, await withTimeout(readyTimeoutMs, said, tooLong), exited);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Sends it a message, a copy. */
  tell(message: object): void {
    this.worker.postMessage(message);
  }

  /** Lets it end by itself, and ends it when it takes too long. */
  close(): Promise<void> {
    this.stopped ??= (async () => {
      this.worker.postMessage(closeMessage);
      await withTimeout(stopTimeoutMs, this.exited, () => void this.worker.terminate());
      await this.exited;
    })();
    return this.stopped;
  }
}
