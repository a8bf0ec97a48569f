import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '@hark/embedded-postgres';
import { HarkError } from '@hark/kernel';
import { onDatabase } from '@hark/service';
import { fillVault, hasTable, readVault, readVaultIdentity, VaultDatabase, vaultHasEntries } from '@hark/vault';
import { readMasterKey } from '../up/master-key';
import { takeHome } from '../up/run-file';
import { serviceNames } from '../up/services';
import { Settings } from '../up/settings';
import { damaged, digestOf, fileNames, Manifest, readVaultFile, syncPath } from './backup-files';
import { isUnfinished, markFinished, markUnfinished } from './unfinished-restore';
import { verifyBackup } from './verify-backup';

/** The result of a restore. */
export interface Restored {
  readonly manifest: Manifest;
  /** Where the former content was moved, if there was any. */
  readonly movedTo: string | undefined;
  /** How many persons of the backup the replaced vault had erased since; they stay erased. */
  readonly erasedSince: number;
}

const parts = ['event-store', 'postgres'] as const;
const draftPrefix = 'restoring.';

/**
 * Puts a backup into the stores: into HARK_HOME, and the vault into DATABASE_URL where that is set. First checks
 * everything, the master key too. Replaces what HARK_HOME holds only with `replace`, and moves it aside, never deletes
 * it. Prepares everything beside it and moves it in at the end; a hub refuses to start on a restore that was stopped
 * half-way.
 */
export async function restoreBackup(settings: Settings, dir: string, replace: boolean): Promise<Restored> {
  const { home, env } = settings;
  const held = takeHome(home);
  try {
    const manifest = await verifyBackup(dir, readMasterKey(settings));
    const mine = parts.filter((part) => !(part === 'event-store' ? env.EVENTSTORE_URL : env.DATABASE_URL));
    const inTheWay = mine.filter((part) => existsSync(join(home, part)));
    if (inTheWay.length > 0 && !replace && !isUnfinished(home)) throw notEmpty(home);
    if (mine.includes('event-store') && !manifest.eventLog) throw noEventLog(dir);
    if (env.DATABASE_URL) await onDatabase(env.DATABASE_URL, (client) => assertFree(client, mine));
    // Left over from earlier restores that were stopped.
    for (const name of readdirSync(home))
      if (name.startsWith(draftPrefix)) rmSync(join(home, name), { recursive: true });
    const erased = mine.includes('postgres') ? await erasedIn(join(home, 'postgres')) : new Set<string>();
    const draft = join(home, `${draftPrefix}${process.pid}`);
    mkdirSync(draft, { mode: 0o700 });
    if (mine.includes('event-store')) await restoreEventLog(dir, join(draft, 'event-store'), manifest);
    if (mine.includes('postgres')) await restorePostgres(dir, join(draft, 'postgres'), manifest, erased);
    else await restoreVault(env.DATABASE_URL!, dir, manifest, erased);
    const movedTo = moveIn(home, draft, mine);
    return { manifest, movedTo, erasedSince: erased.size };
  } finally {
    await held.close();
  }
}

async function restoreEventLog(dir: string, folder: string, { eventLog }: Manifest): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  const file = join(folder, fileNames.eventLog);
  copyFileSync(join(dir, fileNames.eventLog), file);
  chmodSync(file, 0o600);
  if ((await digestOf(file)).sha256 !== eventLog!.sha256) throw damaged(`${file} is not as it was written`);
  syncPath(file);
  syncPath(folder);
}

async function restorePostgres(
  dir: string,
  dataDir: string,
  manifest: Manifest,
  erased: ReadonlySet<string>,
): Promise<void> {
  const postgres = await startPostgres({ dataDir });
  try {
    await restoreVault(postgres.url, dir, manifest, erased);
  } finally {
    await postgres.close();
  }
}

async function restoreVault(url: string, dir: string, manifest: Manifest, erased: ReadonlySet<string>): Promise<void> {
  const { vaultId, keyCheck, vault } = manifest;
  const entries = readVaultFile(join(dir, fileNames.vault));
  const filled = await onDatabase(url, (client) => fillVault(client, { vaultId, keyCheck }, entries, erased));
  if (filled < vault.entries) throw damaged('the vault does not hold all it should');
}

/** One rename per folder, while a mark keeps a hub from starting in between. */
function moveIn(home: string, draft: string, mine: readonly string[]): string | undefined {
  const replaced = join(home, `replaced-${new Date().toISOString().replaceAll(':', '')}`);
  const inTheWay = mine.filter((part) => existsSync(join(home, part)));
  markUnfinished(home);
  if (inTheWay.length > 0) mkdirSync(replaced, { mode: 0o700 });
  for (const part of inTheWay) renameSync(join(home, part), join(replaced, part));
  for (const part of mine) renameSync(join(draft, part), join(home, part));
  rmSync(draft, { recursive: true });
  markFinished(home);
  return inTheWay.length > 0 ? replaced : undefined;
}

/** The persons that the vault to be replaced has erased: a backup must not bring them back. */
async function erasedIn(dataDir: string): Promise<Set<string>> {
  const erased = new Set<string>();
  if (!existsSync(dataDir)) return erased;
  const postgres = await startPostgres({ dataDir }).catch((cause: unknown) => {
    throw new HarkError(
      'unavailable',
      'restore.erasures-unknown',
      `the Postgres in ${dataDir} does not start, so nobody can tell who was erased since the backup: mend it, or move the folder away yourself`,
      {},
      { cause },
    );
  });
  try {
    await onDatabase(postgres.url, async (client) => {
      if (!(await hasTable(client, 'vault.person_keys'))) return;
      for await (const { personId, wrappedKey } of readVault(client)) if (wrappedKey === null) erased.add(personId);
    });
  } finally {
    await postgres.close();
  }
  return erased;
}

/** An external Postgres is never emptied here: it may be the wrong one. */
async function assertFree(database: VaultDatabase, mine: readonly string[]): Promise<void> {
  if ((await readVaultIdentity(database)) || (await vaultHasEntries(database)))
    throw new HarkError(
      'conflict',
      'restore.not-empty',
      'the Postgres at DATABASE_URL has a vault already: `drop schema vault cascade` there, once you are sure that it is the right one',
    );
  if (!mine.includes('event-store')) return;
  for (const schema of serviceNames)
    if (await hasTable(database, `${schema}.migrations`))
      throw new HarkError(
        'conflict',
        'restore.tables-left',
        `the Postgres at DATABASE_URL has tables of a later time: \`drop schema ${schema} cascade\` and those of the other services; they are built anew from the event log`,
      );
}

const notEmpty = (home: string): HarkError =>
  new HarkError(
    'conflict',
    'restore.not-empty',
    `there is data in ${home}: name another HARK_HOME, or add --replace, which moves it aside`,
  );

const noEventLog = (dir: string): HarkError =>
  new HarkError(
    'refused',
    'restore.no-event-log',
    `the backup in ${dir} was taken beside an event store of its own: set EVENTSTORE_URL to it`,
  );
