import { Worker } from 'node:worker_threads';
import { HarkError } from '@hark/kernel';
import type { CopiedLog } from './copy-log';
import { programOf } from './from-sources';
import type { EventStore, EventStoreOptions } from './server';
import { closeMessage, type CopyMessage, type FromWorker, type WorkerOptions } from './worker-messages';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;

/** A running store in a thread of its own. */
export interface EventStoreInWorker extends EventStore {
  /** Settles when the thread is gone, whether by `close` or by accident. Never rejects. */
  readonly exited: Promise<void>;
}

/**
 * The same store in a thread of its own, so that neither SQLite nor protobuf work holds up the caller's event loop.
 * Should the thread die, `exited` settles, `onUnexpected` hears why and clients see the connection drop.
 */
export async function startEventStoreInWorker(options: EventStoreOptions): Promise<EventStoreInWorker> {
  const { onUnexpected = (error) => console.error('event store:', error), ...rest } = options;
  const worker = spawn(rest);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('error', onUnexpected);
  worker.on('message', (message: FromWorker) => {
    if (message.is === 'unexpected') onUnexpected(new Error(message.message));
  });
  const { url, port } = await started(worker);
  let stopped: Promise<void> | undefined;
  const copyTo = (file: string): Promise<CopiedLog> => copied(worker, exited, file);
  return { url, port, exited, copyTo, close: () => (stopped ??= stop(worker, exited)) };
}

function started(worker: Worker): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    const fail = (error: HarkError): void => {
      clearTimeout(timer);
      void worker.terminate();
      reject(error);
    };
    const late = () => new HarkError('unavailable', 'event-store.not-started', 'the event store thread did not start');
    const timer = setTimeout(() => fail(late()), startTimeoutMs);
    worker.once('exit', () => fail(late()));
    worker.on('message', (message: FromWorker) => {
      if (message.is === 'failed') fail(new HarkError(message.kind, message.code, message.message));
      if (message.is !== 'started') return;
      clearTimeout(timer);
      resolve(message);
    });
  });
}

/** For as long as it takes: a large log is many gigabytes. */
function copied(worker: Worker, exited: Promise<void>, file: string): Promise<CopiedLog> {
  return new Promise((resolve, reject) => {
    const failed = (why: string): void =>
      reject(new HarkError('unavailable', 'event-store.not-copied', `the event log was not copied: ${why}`));
    const hear = (message: FromWorker): void => {
      if ((message.is !== 'copied' && message.is !== 'not-copied') || message.file !== file) return;
      worker.off('message', hear);
      if (message.is === 'copied') resolve(message.copied);
      else failed(message.message);
    };
    worker.on('message', hear);
    void exited.then(() => failed('the event store ended'));
    worker.postMessage({ copyTo: file } satisfies CopyMessage);
  });
}

async function stop(worker: Worker, exited: Promise<void>): Promise<void> {
  const timer = setTimeout(() => void worker.terminate(), stopTimeoutMs);
  worker.postMessage(closeMessage);
  await exited;
  clearTimeout(timer);
}

function spawn(options: WorkerOptions): Worker {
  const { code, execArgv } = programOf('worker');
  return new Worker(code, { eval: true, workerData: options, execArgv: [...execArgv], name: 'hark-eventstore' });
}
