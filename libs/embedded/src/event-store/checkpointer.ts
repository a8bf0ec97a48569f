import { Worker } from 'node:worker_threads';
import { programOf } from './from-sources';

/** How much the write-ahead log takes before a checkpoint begins, and at the most when checkpoints do not keep up. */
const beginBytes = 16 * 1_048_576;
const walBytesMax = 256 * 1_048_576;

/**
 * Moves pages from SQLite's write-ahead log to its file in a thread of its own. Done by the writer, as SQLite does it
 * unasked, each checkpoint would hold up every append for tens of milliseconds. The thread is started when the first
 * one is due; should it fail, the writer does the work itself, later and at once.
 */
export class Checkpointer {
  private worker: Worker | undefined;
  private running = false;
  private bytes = 0;
  private stopped = false;

  /** `finish` checkpoints on the writer's connection what was written in the meantime, so that the log begins anew. */
  constructor(
    private readonly file: string,
    private readonly finish: () => void,
  ) {}

  /** To be told after each commit about how many bytes went into the log; not within a transaction. */
  wrote(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes >= walBytesMax) this.complete();
    else if (this.bytes >= beginBytes && !this.running) this.begin();
  }

  /** Resolves when the thread has let go of the file. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.worker?.terminate();
  }

  private begin(): void {
    this.running = true;
    this.worker ??= this.spawn();
    this.worker.postMessage('checkpoint');
  }

  private spawn(): Worker {
    const { code, execArgv } = programOf('checkpoint-worker');
    const worker = new Worker(code, { eval: true, workerData: this.file, execArgv: [...execArgv] });
    worker.on('message', () => {
      this.running = false;
      if (!this.stopped) this.complete();
    });
    // Without the thread `running` stays true: from now on the upper bound alone decides.
    worker.on('error', () => undefined);
    worker.unref();
    return worker;
  }

  /** A disk that refuses costs nothing here: the log still holds everything, and the next round tries again. */
  private complete(): void {
    this.bytes = 0;
    try {
      this.finish();
    } catch {
      this.bytes = beginBytes / 2;
    }
  }
}
