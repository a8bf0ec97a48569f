import { join } from 'node:path';
import { checkLogFile, eventsOfLogFile } from '@hark/embedded-eventstore';
import { HarkError } from '@hark/kernel';
import { Keys } from '@hark/service';
import { InstallationIdentity, personsSealedIn, unwrapPersonKey } from '@hark/vault';
import { damaged, digestOf, fileNames, Manifest, readManifest, readVaultFile } from './backup-files';

/**
 * Checks a backup by reading it: every file is as it was written, the event log is whole, the vault belongs to it and
 * has a key for every person with a text in the log, and the master key, where given, opens all of them. Throws
 * `backup.damaged`, or `config.master-key-mismatch` for a key of another installation.
 */
export async function verifyBackup(folder: string, masterKey: string | undefined): Promise<Manifest> {
  const manifest = readManifest(folder);
  const keys = masterKey === undefined ? undefined : new Keys(Buffer.from(masterKey, 'base64'));
  if (keys && keys.check.toString('hex') !== manifest.keyCheck) {
    const message = 'the master key is not the one this backup was taken under: set HARK_MASTER_KEY to that one';
    throw new HarkError('refused', 'config.master-key-mismatch', message);
  }
  const vaultFile = join(folder, fileNames.vault);
  await assertDigest(vaultFile, manifest.vault);
  const users = new Set<string>();
  for await (const { personId, wrappedKey } of readVaultFile(vaultFile)) {
    users.add(personId);
    if (keys && wrappedKey !== null) assertOpens(keys.vault, personId, wrappedKey);
  }
  if (users.size !== manifest.vault.entries) throw damaged(`${vaultFile} does not hold all it should`);
  if (manifest.eventLog) await verifyEventLog(join(folder, fileNames.eventLog), manifest, users);
  return manifest;
}

async function verifyEventLog(
  file: string,
  { eventLog, vaultId, keyCheck }: Manifest,
  users: ReadonlySet<string>,
): Promise<void> {
  await assertDigest(file, eventLog!);
  const { position, events } = checkLogFile(file);
  if (position !== eventLog!.position || events !== eventLog!.events) throw damaged(`${file} ends elsewhere`);
  let identity: InstallationIdentity | undefined;
  for (const { type, data } of eventsOfLogFile(file)) {
    if (type === 'installation.founded') identity ??= JSON.parse(data) as InstallationIdentity;
    const without = personsSealedIn(data).find((personId) => !users.has(personId));
    if (without !== undefined) throw damaged(`the vault lacks the key of a person in ${file}`);
  }
  if (identity?.vaultId !== vaultId || identity.keyCheck !== keyCheck)
    throw damaged(`${file} and the vault beside it are of two installations`);
}

async function assertDigest(file: string, expected: { bytes: number; sha256: string }): Promise<void> {
  const { bytes, sha256 } = await digestOf(file).catch((cause: unknown) => {
    throw damaged(`${file} cannot be read`, cause);
  });
  if (bytes !== expected.bytes || sha256 !== expected.sha256) throw damaged(`${file} is not as it was written`);
}

function assertOpens(vaultKey: Buffer, personId: string, wrappedKey: string): void {
  try {
    unwrapPersonKey(vaultKey, personId, Buffer.from(wrappedKey, 'base64'));
  } catch (cause) {
    throw damaged('the master key does not open every key of the vault', cause);
  }
}
