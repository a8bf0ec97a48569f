import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { isFailedSync, type Pass } from './checkpoint-pass';
import { exclusively } from './sqlite-location';

// The thread behind `Checkpointer`: a second connection that moves pages while the writer goes on writing. At NORMAL a
// checkpoint syncs the write-ahead log before it copies and the file after: anything less could tear the file.
const db = new DatabaseSync(exclusively(String(workerData)));
db.exec('PRAGMA synchronous = NORMAL');
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
checkpoint.setReturnArrays(true);

function pass(): Pass {
  try {
    const [, inLog, moved] = checkpoint.get() as unknown as [busy: number, inLog: number, moved: number];
    return { is: inLog === moved ? 'complete' : 'partial' };
  } catch (error) {
    return { is: isFailedSync(error) ? 'sync-failed' : 'partial' };
  }
}

parentPort?.on('message', () => parentPort?.postMessage(pass()));
