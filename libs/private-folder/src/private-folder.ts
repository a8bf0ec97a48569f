import { chmodSync, mkdirSync, statSync } from 'node:fs';

const permissionBits = 0o777;
const othersBits = 0o077;
const stickyBit = 0o1000;

/**
 * Makes `dir` (and what is missing above it) a folder of its owner's alone, also when it was there with other modes; gives
 * what `mkdir` made first, if anything. Throws the system's error: `ENOTDIR` or `EEXIST` for a file, `EPERM` for a folder
 * whose modes we may not set or that everybody writes to (`/tmp`), which would be taken from all others.
 */
export function privateFolder(dir: string): string | undefined {
  const made = mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return made;
  const { mode } = statSync(dir);
  if ((mode & othersBits) === 0) return made;
  if ((mode & stickyBit) !== 0) {
    throw Object.assign(new Error(`EPERM: ${dir} is shared by all users`), { code: 'EPERM' });
  }
  chmodSync(dir, mode & permissionBits & ~othersBits);
  return made;
}
