import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// The thread behind `Checkpointer`: a second connection that moves pages while the writer goes on writing. At NORMAL a
// checkpoint syncs the write-ahead log before it copies and the file after: anything less could tear the file.
const db = new DatabaseSync(String(workerData));
db.exec('PRAGMA synchronous = NORMAL');
parentPort?.on('message', () => {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  parentPort?.postMessage('done');
});
