import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// The thread behind `Checkpointer`: a second connection that moves pages while the writer goes on writing.
const db = new DatabaseSync(String(workerData));
parentPort?.on('message', () => {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  parentPort?.postMessage('done');
});
