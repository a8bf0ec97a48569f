import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { HarkError, isUuid } from '@hark/kernel';
import type { VaultEntry } from '@hark/vault';

/** What a backup's folder holds. */
export const fileNames = { manifest: 'manifest.json', eventLog: 'events.db', vault: 'vault.ndjson' } as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const digested = { bytes: count, sha256: digest };
const manifestShape = z.strictObject({
  format: z.literal(1),
  /** The version of the program that took it. */
  version: z.string(),
  takenAt: z.iso.datetime(),
  vaultId: z.string().refine(isUuid),
  /** Identifies the master key that opens it; the key cannot be computed from it. */
  keyCheck: digest,
  /** Null: the log is in the operator's own event store, which has its own backup tools. */
  eventLog: z.strictObject({ ...digested, position: count, events: count }).nullable(),
  vault: z.strictObject({ ...digested, entries: count }),
});

/** The content of a backup, and how to check that it is whole. */
export type Manifest = z.infer<typeof manifestShape>;

/** Size and SHA-256 of a file. */
export async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: statSync(file).size, sha256: hash.digest('hex') };
}

/** Written last: a folder without it is no backup. Holds its own checksum beside its content. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = JSON.stringify(manifest);
  const file = join(folder, fileNames.manifest);
  writeFileSync(file, `${JSON.stringify({ manifest, sha256: sha256(text) }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  syncPath(file);
}

/** Throws `backup.damaged` when there is none, or when it has changed. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, fileNames.manifest);
  try {
    const { manifest, sha256: expected } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (sha256(JSON.stringify(manifest)) !== expected) throw new Error('the checksum differs');
    return manifestShape.parse(manifest);
  } catch (cause) {
    throw damaged(`${file} is not the manifest of a whole backup`, cause);
  }
}

/** Writes one line per entry and returns how many. */
export async function writeVaultFile(file: string, entries: AsyncIterable<VaultEntry>): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  let written = 0;
  let page: string[] = [];
  try {
    for await (const entry of entries) {
      written += 1;
      if (page.push(JSON.stringify(entry)) >= linesAtOnce) {
        await handle.write(`${page.join('\n')}\n`);
        page = [];
      }
    }
    if (page.length > 0) await handle.write(`${page.join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return written;
}

const linesAtOnce = 1_000;
const entryShape = z.strictObject({ personId: z.string().refine(isUuid), wrappedKey: z.base64().nullable() });

/** The entries in a vault's file; throws `backup.damaged` at a malformed one. */
export async function* readVaultFile(file: string): AsyncGenerator<VaultEntry> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    let entry: VaultEntry;
    try {
      entry = entryShape.parse(JSON.parse(line));
    } catch (cause) {
      throw damaged(`${file} holds what is no entry of a vault`, cause);
    }
    yield entry;
  }
}

/** The error for a backup that is not as it was taken. */
export const damaged = (message: string, cause?: unknown): HarkError =>
  new HarkError('invalid', 'backup.damaged', `${message}: take another backup`, {}, { cause });

/** Flushes a file, or the names in a folder, to the disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
