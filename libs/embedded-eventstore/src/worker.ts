import { parentPort, workerData } from 'node:worker_threads';
import { HarkError } from '@hark/kernel';
import { startEventStore } from './server';
import { closeMessage, type CopyMessage, type FromWorker, type WorkerOptions } from './worker-messages';

// The thread's own program: started by `startEventStoreInWorker`, never imported.
const report = (message: FromWorker): void => parentPort?.postMessage(message);
const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

async function run(): Promise<void> {
  const options = workerData as WorkerOptions;
  const store = await startEventStore({
    ...options,
    onUnexpected: (error) => report({ is: 'unexpected', message: textOf(error) }),
  });
  parentPort?.on('message', (message: typeof closeMessage | CopyMessage) => {
    if (message !== closeMessage) {
      const file = message.copyTo;
      store.copyTo(file).then(
        (copied) => report({ is: 'copied', file, copied }),
        (error: unknown) => report({ is: 'not-copied', file, message: textOf(error) }),
      );
      return;
    }
    void store.close().then(() => {
      report({ is: 'closed' });
      parentPort?.close();
    });
  });
  report({ is: 'started', url: store.url, port: store.port });
}

run().catch((error: unknown) => {
  const known =
    error instanceof HarkError ? error : new HarkError('unavailable', 'event-store.not-started', textOf(error));
  report({ is: 'failed', kind: known.kind, code: known.code, message: known.message });
  parentPort?.close();
});
