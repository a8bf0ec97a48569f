import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HarkError, Running } from '@hark/kernel';
import { privateFolder } from '@hark/private-folder';

/** How long to wait for a lock that another process holds only to look, as `homeIsHeld` does. */
const holdWaitMs = 300;
const othersBits = 0o077;
/** SQLITE_BUSY, SQLite's result code for a lock of another process (sqlite.org: Result and Error Codes). */
const sqliteBusy = 5;
const primaryCodeMask = 0xff;

/** A HARK_HOME that belongs to this process until it is closed or the process ends for any reason. */
export interface HeldHome extends Running {
  readonly home: string;
}

/**
 * Creates the folder `home`, for its owner only, and holds it for this process. Throws `hub.home-held` when another
 * process holds it, `config.invalid` when it cannot be such a folder.
 *
 * The lock is SQLite's on the file `hub.lock`. It is the kernel's, so it ends with the process, also after `kill -9`,
 * and is never stale; it also works between containers that share the folder.
 */
export function holdHome(home: string): HeldHome {
  makePrivate(home);
  const lock = lockFile(home, holdWaitMs);
  try {
    // Nothing is written: only the lock matters.
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw new HarkError('conflict', 'hub.home-held', `another process uses ${home}`, {}, { cause });
  }
  const close = (): void => {
    if (lock.isOpen) lock.close();
  };
  return { home, close };
}

/** Whether a process holds `home` at this moment. */
export function homeIsHeld(home: string): boolean {
  if (!statSync(lockOf(home), { throwIfNoEntry: false })) return false;
  const lock = lockFile(home, 0);
  try {
    lock.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (cause) {
    if (isBusy(cause)) return true;
    throw cause;
  } finally {
    lock.close();
  }
}

/** The folder and every file directly in it; the stores protect their own folders. */
function makePrivate(home: string): void {
  try {
    privateFolder(home);
    for (const entry of readdirSync(home, { withFileTypes: true })) {
      const file = join(home, entry.name);
      if (entry.isFile() && statSync(file).mode & othersBits) chmodSync(file, 0o600);
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new HarkError('invalid', 'config.home', `HARK_HOME ${home} ${reasons[code ?? ''] ?? message}`, {}, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is a file: name a folder',
  ENOTDIR: 'is below a file: name a folder',
  EACCES: 'cannot be made or written by this user: name a folder of your own',
  EPERM: 'is not of this user alone: name a folder of your own',
  EROFS: 'is on a disk that cannot be written: name another folder',
  ENOSPC: 'is on a full disk: make room, or name another folder',
  EDQUOT: 'is on a full disk: make room, or name another folder',
};

function lockFile(home: string, timeout: number): DatabaseSync {
  return new DatabaseSync(lockOf(home), { timeout });
}

const lockOf = (home: string): string => join(home, 'hub.lock');

const isBusy = (error: unknown): boolean =>
  (((error as { errcode?: number }).errcode ?? 0) & primaryCodeMask) === sqliteBusy;
