import { HarkError } from '@hark/kernel';

const systemErrors = {
  unwritable: ['EROFS', 'EACCES', 'EPERM'],
  full: ['ENOSPC', 'EDQUOT'],
};
/** SQLite's primary result codes. */
const sqlite = { busy: 5, readOnly: 8, full: 13, cannotOpen: 14 };
const primaryCodeMask = 0xff;

/** A log that could not be opened: `event-store.not-opened`, with the reason and what to do about it. */
export function notOpened(dataDir: string, file: string, cause: unknown): HarkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot open the event log ${file}: ${reason}${adviceFor(cause, dataDir)}`;
  return new HarkError('unavailable', 'event-store.not-opened', message, {}, { cause });
}

function adviceFor(cause: unknown, dataDir: string): string {
  const { code = '', errcode = 0, syscall } = cause as { code?: string; errcode?: number; syscall?: string };
  const primary = errcode & primaryCodeMask;
  // For a folder that cannot be made on a read-only disk, Node says that its parent is not there.
  const notMade = code === 'ENOENT' && syscall === 'mkdir';
  if (
    notMade ||
    systemErrors.unwritable.includes(code) ||
    primary === sqlite.readOnly ||
    primary === sqlite.cannotOpen
  ) {
    return `; make ${dataDir} writable for the user the store runs as, or choose another folder`;
  }
  if (systemErrors.full.includes(code) || primary === sqlite.full) return '; make room on its disk';
  return primary === sqlite.busy ? '; stop the other server that has it open, or choose another folder' : '';
}
