import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { syncPath } from './backup-files';

const markOf = (home: string): string => join(home, 'restore.unfinished');

/** This file exists from before a restore moves its first folder until after it has moved the last. */
export function markUnfinished(home: string): void {
  writeFileSync(markOf(home), 'a restore is being put in its place; see docs/backup.md\n', { mode: 0o600 });
  syncPath(home);
}

/** Call it when the restore is complete. */
export function markFinished(home: string): void {
  rmSync(markOf(home), { force: true });
  syncPath(home);
}

/** Whether a restore was stopped half-way, so that `home` mixes two states. */
export const isUnfinished = (home: string): boolean => existsSync(markOf(home));

/** `refused` `restore.unfinished` where a restore was stopped half-way: nothing may start on it. */
export function assertRestoreFinished(home: string): void {
  if (!isUnfinished(home)) return;
  const message = `a restore into ${home} was stopped half-way: run ./hark restore DIR again`;
  throw new HarkError('refused', 'restore.unfinished', message);
}
