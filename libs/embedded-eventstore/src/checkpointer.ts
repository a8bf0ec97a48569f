import { Worker } from 'node:worker_threads';
import { isFailedSync, type Pass } from './checkpoint-pass';
import { programOf } from './from-sources';

/** How much the write-ahead log takes before a checkpoint begins, and at the most when checkpoints do not keep up. */
const beginBytes = 8 * 1_048_576;
const walBytesMax = 256 * 1_048_576;
/** For how long the writer is held back at most. */
const pauseMaxMs = 500;

/** What a checkpointer asks of the writer, and tells it. */
export interface CheckpointedWriter {
  /** No transaction until `resume`; what arrives waits. */
  pause(): void;
  resume(): void;
  /** Checkpoints on the writer's connection, at once, so that the log begins anew. */
  checkpoint(): void;
  /** The disk failed to sync: nothing may be written or checkpointed any more. */
  onFailed(error: Error): void;
}

/**
 * Moves pages from SQLite's write-ahead log to its file in a thread of its own, so that the event loop never waits for
 * it: a long pass beside the writer, then a short one for what was written meanwhile, during which the writer pauses.
 * The log is then empty to SQLite, and the next transaction begins it anew. The thread is started when the first pass
 * is due; should it fail, the writer does the work itself, later and at once.
 */
export class Checkpointer {
  private worker: Worker | undefined;
  private stage: 'idle' | 'beside' | 'paused' | 'alone' | 'stopped' = 'idle';
  /** Since the log last began anew. */
  private bytes = 0;
  private dueAt = beginBytes;
  private pauseEnds: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly writer: CheckpointedWriter,
  ) {}

  /** To be told after each commit about how many bytes went into the log; not within a transaction. */
  wrote(bytes: number): void {
    this.bytes += bytes;
    if (this.stage === 'stopped') return;
    if (this.bytes >= walBytesMax) this.completeNow();
    else if (this.bytes >= this.dueAt && this.stage === 'idle') this.begin();
  }

  /** Resolves when the thread has let go of the file. */
  async stop(): Promise<void> {
    this.stage = 'stopped';
    clearTimeout(this.pauseEnds);
    await this.worker?.terminate();
  }

  private begin(): void {
    this.stage = 'beside';
    this.worker ??= this.spawn();
    this.worker.postMessage('pass');
  }

  private spawn(): Worker {
    const { code, execArgv } = programOf('checkpoint-worker');
    const worker = new Worker(code, { eval: true, workerData: this.file, execArgv: [...execArgv] });
    worker.on('message', (pass: Pass) => this.passed(pass));
    // Without the thread the upper bound alone decides.
    worker.on('error', () => {
      if (this.stage === 'stopped') return;
      this.endPause();
      this.stage = 'alone';
    });
    worker.unref();
    return worker;
  }

  private passed(pass: Pass): void {
    if (this.stage === 'stopped') return;
    if (pass.is === 'sync-failed') this.fail(new Error('a checkpoint could not be synced'));
    else if (this.stage === 'beside') this.pause();
    else {
      this.stage = 'idle';
      // A pass that took longer than the pause has not seen the last of it: the log goes on growing for a round.
      if (pass.is === 'complete' && this.pauseEnds !== undefined) this.bytes = 0;
      this.dueAt = this.bytes + beginBytes;
      this.endPause();
    }
  }

  private pause(): void {
    this.stage = 'paused';
    this.pauseEnds = setTimeout(() => this.endPause(), pauseMaxMs);
    this.writer.pause();
    this.worker?.postMessage('pass');
  }

  private endPause(): void {
    if (this.pauseEnds === undefined) return;
    clearTimeout(this.pauseEnds);
    this.pauseEnds = undefined;
    this.writer.resume();
  }

  /** A full disk costs nothing here: the log still holds everything, and a later round tries again. */
  private completeNow(): void {
    this.bytes = 0;
    this.dueAt = beginBytes;
    try {
      this.writer.checkpoint();
    } catch (error) {
      if (isFailedSync(error)) this.fail(error as Error);
      this.bytes = walBytesMax - beginBytes;
    }
  }

  private fail(error: Error): void {
    this.endPause();
    this.stage = 'stopped';
    this.writer.onFailed(error);
  }
}
