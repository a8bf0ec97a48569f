import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { HarkError } from '@hark/kernel';
import { privateFolder } from '@hark/private-folder';
import { type Account, chooseAccount } from './account';
import { findBinaries } from './binaries';
import { ensureCluster, HARK, layoutOf } from './cluster';
import { lockDir } from './dir-lock';
import { settleLeftover } from './leftover';
import { essenceOf } from './run';
import { logTail, type Server, spawnServer } from './server';

/** Where and how to run. */
export interface PostgresOptions {
  /** A folder of its own, made if missing. It holds the cluster, the password (mode 600) and the log. */
  readonly dataDir: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** False: as root, run as another user even where user namespaces work. For machines that dislike them, and tests. */
  readonly userNamespaces?: boolean;
}

/** A running server. */
export interface RunningPostgres {
  /** `postgres://hark:PASSWORD@127.0.0.1:PORT/hark` */
  readonly url: string;
  readonly pid: number;
  /** Settles when the server process is gone, whether by `close` or by accident. Never rejects. */
  readonly exited: Promise<void>;
  /** Ends the server after a last checkpoint and settles when it is gone; connections are cut. May be called twice. */
  close(): Promise<void>;
}

/** A port found free can be taken before the server binds it. */
const MAX_PORT_ATTEMPTS = 10;
/** The children of a killed server let go of its shared memory within moments. */
const MAX_LEFTOVER_ATTEMPTS = 50;
const LEFTOVER_PAUSE_MS = 100;

/**
 * Starts PostgreSQL on `dataDir`, on 127.0.0.1 only, and settles once the database `hark` takes a login. The data
 * survives restarts and `kill -9` of anything (fsync and synchronous_commit are on); on Linux the server never outlives
 * this process. First start about 1 s, later ones about 0.1 s, longer after a crash.
 *
 * Rejects with a `HarkError`: `postgres.in-use` (another start holds the folder), `postgres.port-taken`,
 * `postgres.no-folder`, `postgres.not-ours`, `postgres.no-account`, `postgres.no-programs`, `postgres.no-cluster`, `postgres.no-password`,
 * `postgres.not-ready`, `postgres.failed`. Nothing is left running then.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  // The kernel ties the server's life to the thread that started it.
  if (!isMainThread) throw new HarkError('invalid', 'postgres.worker-thread', 'start PostgreSQL from the main thread');
  const dataDir = resolve(options.dataDir);
  makeFolder(dataDir);
  const lock = await lockDir(dataDir);
  try {
    const { cluster } = layoutOf(dataDir);
    await settleLeftover(cluster);
    const account = await chooseAccount(await findBinaries(), cluster, dataDir, options.userNamespaces ?? true);
    const password = await ensureCluster(account, dataDir);
    const { server, port } = await startServer(account, dataDir, options.port ?? 0, password);
    return {
      url: `postgres://${HARK}:${password}@127.0.0.1:${port}/${HARK}`,
      pid: server.pid,
      exited: server.exited,
      close: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function makeFolder(dataDir: string): void {
  try {
    privateFolder(dataDir);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot make the folder ${dataDir} (${reason}): choose another HARK_HOME`;
    throw new HarkError('unavailable', 'postgres.no-folder', message, {}, { cause });
  }
}

async function startServer(
  account: Account,
  dataDir: string,
  wanted: number,
  password: string,
): Promise<{ server: Server; port: number }> {
  let portAttempts = 0;
  let leftoverAttempts = 0;
  for (;;) {
    const port = wanted === 0 ? await freePort() : wanted;
    const server = await spawnServer(account, dataDir, port, password);
    try {
      if (await server.ready()) return { server, port };
    } catch (error) {
      await server.stop();
      throw error;
    }
    const said = await logTail(dataDir);
    const portTaken = said.includes('Address already in use');
    const leftover = said.includes('is still in use') || said.includes('lock file "postmaster.pid" already exists');
    if (portTaken && wanted === 0 && ++portAttempts < MAX_PORT_ATTEMPTS) continue;
    if (leftover && ++leftoverAttempts < MAX_LEFTOVER_ATTEMPTS) {
      await pause(LEFTOVER_PAUSE_MS);
      continue;
    }
    if (portTaken) throw new HarkError('conflict', 'postgres.port-taken', `port ${port} is taken: choose another one`);
    throw new HarkError(
      'unavailable',
      'postgres.failed',
      `PostgreSQL ended before it was ready: ${essenceOf(said)} (${layoutOf(dataDir).log})`,
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
