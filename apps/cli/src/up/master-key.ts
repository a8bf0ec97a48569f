import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventSchemas } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { Keys, openInstallation } from '@hark/service';
import { Settings } from './settings';
import type { StoreUrls } from './stores';

const keyBytes = 32;
const keyPattern = /^[A-Za-z0-9+/]{43}=$/;
const fileOf = (home: string): string => join(home, 'master.key');

/** The master key of this installation, from the environment or from HARK_HOME; undefined where there is none yet. */
export function findMasterKey({ home, env }: Settings): string | undefined {
  if (env.HARK_MASTER_KEY) return checked(env.HARK_MASTER_KEY, 'HARK_MASTER_KEY');
  try {
    return checked(readFileSync(fileOf(home), 'utf8').trim(), fileOf(home));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Like `findMasterKey`, but throws `refused` `config.master-key-missing`: for work on an existing hub. */
export function readMasterKey(settings: Settings): string {
  const key = findMasterKey(settings);
  if (key) return key;
  const message = `there is no master key: set HARK_MASTER_KEY, or put back ${fileOf(settings.home)}`;
  throw new HarkError('refused', 'config.master-key-missing', message);
}

/**
 * The master key that belongs to the stores' content, checked before anything is written there. Where nothing was ever
 * written a key is made and kept in HARK_HOME, readable only by its owner. Everything else is refused
 * (`Installation.open`).
 */
export async function openMasterKey(settings: Settings, stores: StoreUrls): Promise<string> {
  const eventStore = EventStore.connect(stores.EVENTSTORE_URL, { schemas: eventSchemas });
  try {
    let key = findMasterKey(settings);
    if (!key) {
      await openInstallation(stores.DATABASE_URL, eventStore, undefined);
      key = makeMasterKey(settings);
    }
    await openInstallation(stores.DATABASE_URL, eventStore, new Keys(Buffer.from(key, 'base64')));
    return key;
  } finally {
    await eventStore.close();
  }
}

/** Durable before anything is sealed with it, and written whole or not at all; never replaces an existing one. */
function makeMasterKey(settings: Settings): string {
  const { home } = settings;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = fileOf(home);
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(keyBytes).toString('base64'));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  syncFolder(home);
  return readMasterKey(settings);
}

/** So that the names in it survive a power failure. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function checked(key: string, where: string): string {
  if (keyPattern.test(key)) return key;
  throw new HarkError('invalid', 'config.invalid', `${where} must hold 32 bytes in base64`);
}
