import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Resolves when the disk has what was written to a file before the call. Once it has rejected, nothing is certain. */
export type SyncFile = (descriptor: number) => Promise<void>;

const syncInThreadPool: SyncFile = promisify(fdatasync);
/** A disk that took no longer for the last sync may hold up the event loop for the next one. */
const onLoopMaxMs = 1;
const copyBytes = 1_048_576;
/** Half of what the log takes between two checkpoints: what a start can afford. */
const allocatedBytes = 4 * 1_048_576;

/**
 * SQLite's write-ahead log as this program syncs it: by a descriptor of its own, beside the event loop. (Never open or
 * close one of `events.db` itself: that would drop the locks SQLite holds on it.) SQLite must have made the file.
 */
export class WalFile {
  private readonly descriptor: number;
  private lastMs = Infinity;

  constructor(
    file: string,
    private readonly syncFile: SyncFile = syncInThreadPool,
  ) {
    this.descriptor = openSync(walOf(file), 'r+');
    allocate(this.descriptor);
  }

  /**
   * Resolves when everything committed before the call is on the disk. Beside the event loop; for somebody who waits
   * `alone` on the loop itself, as long as the disk is quick: waking a thread and coming back takes a third of such a sync.
   */
  async sync(alone = false): Promise<void> {
    const began = performance.now();
    const onLoop = alone && this.lastMs <= onLoopMaxMs && this.syncFile === syncInThreadPool;
    if (onLoop) fdatasyncSync(this.descriptor);
    else await this.syncFile(this.descriptor);
    this.lastMs = performance.now() - began;
  }

  /** The same at once, for the start, when nobody waits for the event loop yet. */
  syncNow(): void {
    fdatasyncSync(this.descriptor);
  }

  /** Not while a sync is under way. */
  close(): void {
    closeSync(this.descriptor);
  }
}

/**
 * Fills the file with zeros up to a length that it will need. Writing where the disk has given room already costs about
 * half a sync of writing beyond the end, because the length stays. SQLite takes zeros for the end of its log. A disk that
 * has no room says so to the first append.
 */
function allocate(descriptor: number): void {
  const zeros = Buffer.alloc(copyBytes);
  try {
    for (let at = fstatSync(descriptor).size; at < allocatedBytes;) {
      at += writeSync(descriptor, zeros, 0, Math.min(zeros.length, allocatedBytes - at), at);
    }
  } catch {
    return;
  }
}

/**
 * To be called before SQLite reads what an earlier process left behind. After a sync that failed, the system may show
 * pages that are not on the disk and call them clean, so that syncing again would succeed and prove nothing; written
 * once more, they are. After an orderly stop there is nothing to do.
 */
export function rewriteWal(file: string): void {
  if (!existsSync(walOf(file))) return;
  const descriptor = openSync(walOf(file), 'r+');
  try {
    const chunk = Buffer.allocUnsafe(copyBytes);
    for (let at = 0; ;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, at);
      if (length === 0) break;
      at += writeSync(descriptor, chunk, 0, length, at);
    }
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the names in `dir` last, and those of the folders above it from `made`, the topmost new one, on. */
export function syncNames(dir: string, made: string | undefined): void {
  const top = made === undefined ? resolve(dir) : dirname(resolve(made));
  for (let at = resolve(dir); ; at = dirname(at)) {
    const descriptor = openSync(at, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (at === top || at === dirname(at)) return;
  }
}

const walOf = (file: string): string => `${file}-wal`;
