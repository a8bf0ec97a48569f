import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * How to name a file in write-ahead mode to SQLite, so that only this process can open it; all its connections must name
 * it so. They then share the index of the log in memory. Otherwise it is a mapped file, and writing to that on a disk
 * that has become read-only is no error but the signal SIGBUS, which ends the process.
 */
export const exclusively = (file: string): string =>
  process.platform === 'win32' ? file : `${pathToFileURL(resolve(file)).href}?vfs=unix-excl`;
