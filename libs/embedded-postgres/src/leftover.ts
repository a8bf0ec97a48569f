import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HarkError } from '@hark/kernel';

/** How long a server whose Hark was killed may take to write its last checkpoint and end. */
const LEFTOVER_DEADLINE_MS = 30_000;
/** How long a dead server may wait for its parent to take note of it; where nobody ever does, its pid file is removed. */
const UNREAPED_GRACE_MS = 2_000;
const POLL_MS = 25;

type Holder = 'none' | 'unreaped' | 'stranger' | 'running';

/**
 * Waits until no server of an earlier, killed start works on `clusterDir`, asking it to end. Call it while holding the
 * folder's lock. Throws `conflict` when one still runs after `LEFTOVER_DEADLINE_MS`.
 *
 * The pid file of a server killed with -9 stays. PostgreSQL itself judges it by "does that pid exist", which is wrong
 * in two cases a container meets: nobody reaps the dead server, or its number now belongs to another program. In those
 * two the file is removed here; PostgreSQL's check of the shared memory still guards against live children.
 */
export async function settleLeftover(clusterDir: string): Promise<void> {
  const startedAt = performance.now();
  const pidFile = join(clusterDir, 'postmaster.pid');
  let asked = false;
  for (;;) {
    const pid = Math.abs(Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10));
    if (!(pid > 0)) return;
    const waitedMs = performance.now() - startedAt;
    const holder = await holderOf(pid, clusterDir);
    if (holder === 'none') return;
    if (holder === 'stranger' || (holder === 'unreaped' && waitedMs > UNREAPED_GRACE_MS))
      return rm(pidFile, { force: true });
    if (waitedMs > LEFTOVER_DEADLINE_MS) {
      const message = `a PostgreSQL server (pid ${pid}) still works on ${clusterDir}: stop it, or choose another HARK_HOME`;
      throw new HarkError('conflict', 'postgres.in-use', message);
    }
    if (holder === 'running' && !asked && process.platform === 'linux') {
      asked = true;
      signal(pid, 'SIGINT');
    }
    await pause(POLL_MS);
  }
}

async function holderOf(pid: number, clusterDir: string): Promise<Holder> {
  if (process.platform !== 'linux') return signal(pid, 0) ? 'running' : 'none';
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // "pid (name) state …"; the name may hold brackets and blanks.
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(line) ?? [];
  if (name === undefined) return 'none';
  if (name !== 'postgres') return 'stranger';
  if (state === 'Z' || state === 'X') return 'unreaped';
  const [works, cluster] = await Promise.all([stat(`/proc/${pid}/cwd`).catch(() => undefined), stat(clusterDir)]);
  // Not allowed to see where it works: better to wait for a stranger than to disturb a server.
  return works && (works.dev !== cluster.dev || works.ino !== cluster.ino) ? 'stranger' : 'running';
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
