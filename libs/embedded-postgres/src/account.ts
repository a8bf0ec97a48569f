import { existsSync } from 'node:fs';
import { chown, lstat, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { type Binaries, copyBinaries, programOf } from './binaries';
import { childEnv, run } from './run';

/** As whom the server runs, and how its files are handed to it. */
export interface Account {
  readonly binaries: Binaries;
  /** True when the kernel ends the server once this process is gone, `kill -9` included. */
  readonly endsWithParent: boolean;
  /** True when folders and files are handed over as open descriptors, because the account cannot walk to them. */
  readonly byDescriptor: boolean;
  /** The command line that runs `command` as this account. It replaces itself: the pid stays that of the child. */
  wrap(command: readonly string[]): string[];
  /** Makes `path` (a file, or a folder with all in it) belong to the account. */
  own(path: string): Promise<void>;
}

const NOBODY = 65534;
const PROBE_DEADLINE_MS = 10_000;
/** The parent may have died before the wish to die with it was set: then the command is not started at all. */
const WHILE_PARENT_LIVES = '[ "$PPID" = "$0" ] || exit 3; exec "$@"';

/**
 * Chooses as whom to run. PostgreSQL refuses root, so for root there are two ways:
 *
 * 1. a user namespace: inside it the server is `nobody`, on disk it is still root, so 0700 homes, umask 077 and data
 *    that belongs to root need no care at all;
 * 2. where namespaces are not allowed (or the files belong to another user): that user, or `nobody`. The data folder is
 *    given to it and handed over as an open descriptor, and programs it cannot reach are copied to the temp folder.
 */
export async function chooseAccount(
  binaries: Binaries,
  clusterDir: string,
  dataDir: string,
  namespaces: boolean,
): Promise<Account> {
  const bind = has('setpriv') ? ['setpriv', '--pdeathsig', 'INT'] : undefined;
  const held = existsSync(clusterDir) ? clusterDir : dataDir;
  const { uid, gid } = await lstat(held);
  const self = process.getuid?.();
  if (self !== 0) {
    if (self !== undefined && uid !== self) {
      const message = `${held} belongs to user ${uid}, not to ${self}: start Hark as that user, or choose another HARK_HOME`;
      throw new HarkError('unavailable', 'postgres.not-ours', message);
    }
    return account(binaries, bind);
  }
  if (bind === undefined) throw noWay('the program setpriv (util-linux) is missing');
  if (namespaces && has('unshare')) {
    const enter = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', ...bind];
    const inside = account(binaries, enter);
    const script = '"$1" --version && test -w "$2" && test -x "$2"';
    const probe = await run(
      inside.wrap(['sh', '-c', script, 'sh', programOf(binaries, 'postgres'), held]),
      PROBE_DEADLINE_MS,
    );
    if (probe.code === 0) return inside;
  }
  const user = uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
  const become = [
    'setpriv',
    '--reuid',
    `${user.uid}`,
    '--regid',
    `${user.gid}`,
    '--clear-groups',
    '--pdeathsig',
    'INT',
  ];
  for (const candidate of [() => Promise.resolve(binaries), () => copyBinaries(binaries)]) {
    const other = account(await candidate(), become, user);
    const probe = await run(other.wrap([programOf(other.binaries, 'postgres'), '--version']), PROBE_DEADLINE_MS);
    if (probe.code === 0) return other;
  }
  throw noWay(`user ${user.uid} cannot run the PostgreSQL programs`);
}

const noWay = (reason: string) =>
  new HarkError(
    'unavailable',
    'postgres.no-account',
    `PostgreSQL does not run as root, and ${reason}: start Hark as an ordinary user, or set DATABASE_URL`,
  );

function account(binaries: Binaries, prefix: string[] | undefined, user?: { uid: number; gid: number }): Account {
  const lead = prefix === undefined ? [] : [...prefix, '--', 'sh', '-c', WHILE_PARENT_LIVES, `${process.pid}`];
  return {
    binaries,
    endsWithParent: prefix !== undefined,
    byDescriptor: user !== undefined,
    wrap: (command) => [...lead, ...command],
    own: async (path) => (user === undefined ? undefined : giveTo(user, path)),
  };
}

/** Never follows a link: what a link in the folder points at may be anybody's. */
async function giveTo(user: { uid: number; gid: number }, path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  if (found.uid !== user.uid) await chown(path, user.uid, user.gid);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(user, join(path, name));
}

const has = (program: string): boolean =>
  (childEnv()['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
