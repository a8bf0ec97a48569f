import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import type { Account } from './account';
import { programOf } from './binaries';
import { essenceOf, run } from './run';

/** The one role of the embedded server, also the name of its database. */
export const HARK = 'hark';

const INITDB_DEADLINE_MS = 60_000;
const DRAFT = 'cluster.new-';

/** What lies in the data folder: the database cluster, the password beside it (mode 600) and the server's log. */
export const layoutOf = (dataDir: string) => ({
  cluster: join(dataDir, 'cluster'),
  password: join(dataDir, 'password'),
  log: join(dataDir, 'postgres.log'),
});

/**
 * Makes the cluster if there is none and returns the password of its role. The cluster is made under another name and
 * renamed when it is whole, so that a start killed half-way leaves nothing that looks like data.
 */
export async function ensureCluster(account: Account, dataDir: string): Promise<string> {
  const { cluster, password } = layoutOf(dataDir);
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(DRAFT)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  if (existsSync(cluster)) {
    await account.own(cluster);
    return readFile(password, 'utf8').catch((cause: Error) => {
      const message = `${cluster} is there but its password file ${password} is not: put it back, or delete ${dataDir} to start anew`;
      throw new HarkError('unavailable', 'postgres.no-password', message, {}, { cause });
    });
  }
  const secret = randomBytes(24).toString('base64url');
  await writeFile(password, secret, { mode: 0o600 });
  const draft = await mkdtemp(join(dataDir, DRAFT));
  await account.own(password);
  await account.own(draft);
  await initialise(account, draft, password);
  await rename(draft, cluster);
  syncFolder(dataDir);
  return secret;
}

async function initialise(account: Account, draft: string, password: string): Promise<void> {
  const descriptors = account.byDescriptor ? [openSync(draft, 'r'), openSync(password, 'r')] : [];
  try {
    const [dir, pwfile] = account.byDescriptor ? ['/proc/self/fd/3', '/proc/self/fd/4'] : [draft, password];
    const command = [
      ...[programOf(account.binaries, 'initdb'), `--pgdata=${dir}`, `--pwfile=${pwfile}`, `--username=${HARK}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums'],
      // Independent of the locales this machine has, and equal on every machine.
      ...['--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--text-search-config=simple'],
    ];
    const { code, output } = await run(account.wrap(command), INITDB_DEADLINE_MS, descriptors);
    if (code === 0) return;
    await rm(draft, { recursive: true, force: true });
    throw new HarkError(
      'unavailable',
      'postgres.no-cluster',
      `PostgreSQL could not make its data folder in ${draft}: ${essenceOf(output)}`,
    );
  } finally {
    descriptors.forEach(closeSync);
  }
}

function syncFolder(dir: string): void {
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
