import { execFile, spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { HarkError } from '@hark/kernel';

const run = promisify(execFile);
const filesShownMax = 3;

/** What a change can break: the folders of its projects, and a sentence saying which and why. */
export interface Affected {
  /** E.g. `apps/auth`; in the order of their names. */
  readonly folders: readonly string[];
  readonly why: string;
}

/**
 * What has changed in the work tree at `root` since `base`: committed, uncommitted and new files. Throws
 * `command.invalid` when git does not know `base`.
 */
export async function changedSince(base: string, root: string): Promise<readonly string[]> {
  const git = async (...args: string[]): Promise<string[]> =>
    (await run('git', args, { cwd: root })).stdout.split('\0').filter((line) => line !== '');
  let fork: string;
  try {
    fork = (await git('merge-base', '--end-of-options', base, 'HEAD'))[0]!.trim();
  } catch {
    const message = `git finds no common commit with ${base}; name one with --base`;
    throw new HarkError('invalid', 'command.invalid', message);
  }
  const changed = await git('diff', '--name-only', '--no-renames', '-z', fork, '--');
  return [...changed, ...(await git('ls-files', '-z', '--others', '--exclude-standard'))];
}

/** The projects that Nx' graph says are touched by `files`, or use one that is; all of them by what `nx.json` calls shared. */
export async function affectedBy(files: readonly string[], root: string): Promise<Affected> {
  const names = files.length === 0 ? [] : await askNx(files, root);
  const all = globSync('{apps,libs}/*/package.json', { cwd: root });
  const folderOf = new Map(
    all.map((file) => [(JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string }).name, dirname(file)]),
  );
  const folders = names.map((name) => folderOf.get(name)!).sort();
  const which =
    folders.length === 0 ? 'no project' : folders.length === all.length ? 'all projects' : folders.join(' ');
  return { folders, why: `${which}, by ${placesOf(files, all.map(dirname))}` };
}

async function askNx(files: readonly string[], root: string): Promise<string[]> {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_ISOLATE_PLUGINS: 'false' };
  const args = [nx, 'show', 'projects', '--affected', '--stdin', '--json'];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(files.join('\n'));
  return JSON.parse(await text(child.stdout)) as string[];
}

/** Where the changes are: projects, and files that are in none. */
function placesOf(files: readonly string[], projects: readonly string[]): string {
  if (files.length === 0) return 'no change';
  const places = [...new Set(files.map((file) => projects.find((project) => file.startsWith(`${project}/`)) ?? file))];
  const more = places.length - filesShownMax;
  const shown = places.slice(0, more > 1 ? filesShownMax : places.length).join(', ');
  return `changes in ${shown}${more > 1 ? ` and ${more} more places` : ''}`;
}
