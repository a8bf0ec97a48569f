import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { HarkError } from '@hark/kernel';
import type { Account } from './account';
import { programOf } from './binaries';
import { HARK, layoutOf } from './cluster';
import { childEnv, essenceOf } from './run';

/** Crash recovery of a full write-ahead log on a slow disk fits in here. */
const READY_DEADLINE_MS = 120_000;
const REFUSED_DEADLINE_MS = 2_000;
const CONNECT_DEADLINE_MS = 3_000;
const QUERY_DEADLINE_MS = 20_000;
const POLL_MS = 15;
/** Fast shutdown (waits for the last checkpoint), then immediate (recovery at the next start), then the kernel. */
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 30_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const;
const LOG_TAIL_CHARS = 2_000;
const wrongPassword = '28P01';
const noSuchDatabase = '3D000';

/** A server process, ready or on its way. `exited` settles when it is gone, for whatever reason; it never rejects. */
export interface Server {
  readonly pid: number;
  readonly exited: Promise<void>;
  /** Waits until a client can log in; true then, false if the process ended first. Throws `unavailable` at the deadline. */
  ready(): Promise<boolean>;
  /** Ends it: politely, then not. Settles when the process is gone. */
  stop(): Promise<void>;
}

const settings = (port: number): string[] =>
  Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    // No socket file: its path may be longer than the 107 bytes the kernel allows.
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: 100,
    fsync: 'on',
    synchronous_commit: 'on',
    // Parallel workers share memory through /dev/shm, which containers keep small.
    max_parallel_workers_per_gather: 0,
    // Failed statements go to their client; here they could put message texts and addresses into a file.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_error_verbosity: 'terse',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Starts the server on `port`. Its log of the start before is kept beside it as `postgres.log.1`. */
export async function spawnServer(account: Account, dataDir: string, port: number, password: string): Promise<Server> {
  const { cluster, log } = layoutOf(dataDir);
  await rename(log, `${log}.1`).catch(() => undefined);
  const output = openSync(log, 'a', 0o600);
  const folder = account.byDescriptor ? openSync(cluster, 'r') : undefined;
  let child: ChildProcess;
  try {
    const dir = folder === undefined ? cluster : '/proc/self/fd/3';
    const [file = '', ...args] = account.wrap([programOf(account.binaries, 'postgres'), '-D', dir, ...settings(port)]);
    child = spawn(file, args, {
      // Its own session: Ctrl-C in a terminal must reach Hark only, which still needs the database to finish its work.
      detached: true,
      stdio: ['ignore', output, output, ...(folder === undefined ? [] : [folder])],
      cwd: '/',
      env: childEnv(),
    });
  } finally {
    closeSync(output);
    if (folder !== undefined) closeSync(folder);
  }
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const endWithUs = () => child.kill('SIGINT');
  if (!account.endsWithParent) process.once('exit', endWithUs);
  let gone = false;
  void exited.then(() => {
    gone = true;
    process.removeListener('exit', endWithUs);
  });

  return {
    pid: child.pid ?? 0,
    exited,
    async ready() {
      const deadline = performance.now() + READY_DEADLINE_MS;
      const refusedDeadline = performance.now() + REFUSED_DEADLINE_MS;
      while (!gone && performance.now() < deadline) {
        const answer = await Promise.race([canServe(port, password), exited.then(() => 'not-yet')]);
        if (answer === 'yes') return true;
        // Another server that took the port answers so as well, but then ours ends within moments.
        if (answer === 'no-entry' && performance.now() > refusedDeadline) {
          const message = `the password in ${layoutOf(dataDir).password} is not that of the data beside it`;
          throw new HarkError('unavailable', 'postgres.no-password', message);
        }
        await Promise.race([exited, pause(POLL_MS)]);
      }
      if (gone) return false;
      throw new HarkError(
        'unavailable',
        'postgres.not-ready',
        `PostgreSQL did not get ready: ${essenceOf(await logTail(dataDir))} (${layoutOf(dataDir).log})`,
      );
    },
    async stop() {
      for (const { signal, waitMs } of STOP_STEPS) {
        if (gone) return;
        child.kill(signal);
        const timeUp = new AbortController();
        await Promise.race([exited, pause(waitMs, undefined, { signal: timeUp.signal }).catch(() => undefined)]);
        timeUp.abort();
      }
    },
  };
}

/** The end of what the server said, for an error message. */
export async function logTail(dataDir: string): Promise<string> {
  return (await readFile(layoutOf(dataDir).log, 'utf8').catch(() => '')).slice(-LOG_TAIL_CHARS).trim();
}

/** Whether the database `hark` takes our login; makes the database on the first start. */
async function canServe(port: number, password: string): Promise<'yes' | 'no-entry' | 'not-yet'> {
  try {
    await withClient(port, password, HARK, async () => undefined);
    return 'yes';
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    if (code === wrongPassword) return 'no-entry';
    if (code !== noSuchDatabase) return 'not-yet';
  }
  const made = withClient(port, password, 'postgres', (client) => client.query(`create database ${HARK}`));
  return made.then(
    () => 'yes',
    () => 'not-yet',
  );
}

async function withClient(
  port: number,
  password: string,
  database: string,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client({
    ...{ host: '127.0.0.1', port, user: HARK, password, database, ssl: false },
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: QUERY_DEADLINE_MS,
    // Given, so that a PGOPTIONS of the person who started Hark is not taken.
    options: '-c timezone=UTC',
  });
  // A connection cut between two steps is reported here as well; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
