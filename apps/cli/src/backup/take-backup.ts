import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CopiedLog } from '@hark/embedded-eventstore';
import { startPostgres } from '@hark/embedded-postgres';
import { Disposables, HarkError } from '@hark/kernel';
import { onDatabase } from '@hark/service';
import { readVault, readVaultIdentity } from '@hark/vault';
import { homeIsHeld } from '../up/home';
import { findMasterKey, readMasterKey } from '../up/master-key';
import { readRunFile, takeHome } from '../up/run-file';
import { Settings } from '../up/settings';
import { startEventStore } from '../up/start-event-store';
import { digestOf, fileNames, Manifest, syncPath, writeManifest, writeVaultFile } from './backup-files';
import { requestEventLogCopy } from './event-log-copies';
import { verifyBackup } from './verify-backup';

/** The sources of a backup. */
interface Sources {
  readonly databaseUrl: string;
  /** Answers undefined when the event store is external. */
  readonly copyEventLog: (file: string) => Promise<CopiedLog | undefined>;
}

/**
 * Takes a backup of the hub on HARK_HOME into the new folder `dir`, through the hub while it runs, else from its
 * stores. Copies the event log first and the vault after it: a person's key is made before their first text, so every
 * text in the copied log has its key, and whoever is erased meanwhile stays erased. The backup gets its name only when
 * it has been read through and is on the disk. Throws `backup.exists` when `dir` exists and is not empty.
 */
export async function takeBackup(settings: Settings, dir: string): Promise<Manifest> {
  const target = resolve(dir);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new HarkError('conflict', 'backup.exists', `${target} is not empty: name a new folder for each backup`);
  const draft = `${target}.unfinished-${process.pid}`;
  const started = new Disposables();
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    await write(draft, await sourcesOf(settings, started));
    const manifest = await verifyBackup(draft, findMasterKey(settings));
    syncPath(draft);
    renameSync(draft, target);
    syncPath(dirname(target));
    return manifest;
  } finally {
    await started.close();
    rmSync(draft, { recursive: true, force: true });
  }
}

async function write(folder: string, { databaseUrl, copyEventLog }: Sources): Promise<void> {
  const logFile = join(folder, fileNames.eventLog);
  const vaultFile = join(folder, fileNames.vault);
  const copied = await copyEventLog(logFile);
  const { identity, entries } = await onDatabase(databaseUrl, async (client) => {
    const identity = await readVaultIdentity(client);
    if (!identity) throw nothing();
    return { identity, entries: await writeVaultFile(vaultFile, readVault(client)) };
  });
  writeManifest(folder, {
    format: 1,
    version: versionOf(),
    takenAt: new Date().toISOString(),
    ...identity,
    eventLog: copied ? { ...(await digestOf(logFile)), ...copied } : null,
    vault: { ...(await digestOf(vaultFile)), entries },
  });
}

/** A running hub's own stores, through it; otherwise the stores in HARK_HOME, or those that the settings name. */
async function sourcesOf(settings: Settings, started: Disposables): Promise<Sources> {
  const { home, env } = settings;
  if (homeIsHeld(home)) {
    const { NATS_URL, DATABASE_URL } = readRunFile(settings);
    const key = readMasterKey(settings);
    return {
      databaseUrl: DATABASE_URL,
      copyEventLog: async (to) => {
        const copy = await requestEventLogCopy(NATS_URL, key);
        if (!copy) return undefined;
        const { file, position, events } = copy;
        moveFile(file, to);
        return { position, events };
      },
    };
  }
  const [log, tables] = [join(home, 'event-store'), join(home, 'postgres')];
  if (!env.EVENTSTORE_URL || !env.DATABASE_URL) {
    if ((!env.EVENTSTORE_URL && !existsSync(log)) || (!env.DATABASE_URL && !existsSync(tables))) throw nothing();
    started.add(takeHome(home));
  }
  const store = env.EVENTSTORE_URL ? undefined : started.add(await startEventStore(home));
  const databaseUrl = env.DATABASE_URL || started.add(await startPostgres({ dataDir: tables })).url;
  return { databaseUrl, copyEventLog: async (file) => store?.copyTo(file) };
}

/** Works across disks too. */
function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    syncPath(to);
    rmSync(from);
  }
}

function versionOf(): string {
  const file = join(__dirname, '..', '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const nothing = (): HarkError =>
  new HarkError(
    'not-found',
    'backup.nothing',
    'there is nothing to back up yet: name the hub by HARK_HOME, or its stores by EVENTSTORE_URL and DATABASE_URL, and start it once',
  );
