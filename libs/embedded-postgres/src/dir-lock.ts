import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { HarkError } from '@hark/kernel';

/** A folder held by this process. */
export interface DirLock {
  release(): Promise<void>;
}

/**
 * Holds `dir` for this process, or throws `conflict` at once if another start of Hark holds it, in whatever spelling of
 * the path. The lock is a listening socket in Linux's abstract namespace: the kernel drops it when the process ends,
 * however it ends, so no stale lock can exist. Elsewhere PostgreSQL's own pid file is the only lock.
 */
export async function lockDir(dir: string): Promise<DirLock> {
  if (process.platform !== 'linux') return { release: async () => undefined };
  const { dev, ino } = await stat(dir, { bigint: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `${dir} is in use by another Hark: stop that one, or choose another HARK_HOME`;
      reject(
        cause.code === 'EADDRINUSE' ? new HarkError('conflict', 'postgres.in-use', message, {}, { cause }) : cause,
      );
    });
    server.listen(`\0hark-postgres-${dev}-${ino}`, resolve);
  });
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
