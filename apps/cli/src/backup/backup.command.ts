import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { findMasterKey } from '../up/master-key';
import { readSettings } from '../up/settings';
import type { Manifest } from './backup-files';
import { takeBackup } from './take-backup';
import { verifyBackup } from './verify-backup';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `hark backup DIR` takes a backup of the hub on HARK_HOME; `hark backup --verify DIR` reads one through (docs/backup.md). */
export async function backup(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { dir, verify } = parseOptions(args);
  const settings = readSettings(env);
  if (verify) {
    const key = findMasterKey(settings);
    describe(await verifyBackup(dir, key));
    say(key ? 'whole, and the master key opens it' : 'whole; not tried with a master key, as none is set');
    return;
  }
  describe(await takeBackup(settings, dir));
  say(`taken and read through: ${dir}`);
  say(
    'The master key is NOT in it, or whoever finds it could read it. Keep the key elsewhere: without it this is worthless.',
  );
}

function describe({ takenAt, eventLog, vault }: Manifest): void {
  say(
    eventLog
      ? `event log  ${eventLog.events} events up to position ${eventLog.position}, ${eventLog.bytes} bytes`
      : 'event log  NOT taken: it stands in a store of its own, take it by its tools, and before this (docs/backup.md)',
  );
  say(`vault      keys of ${vault.entries} persons, ${vault.bytes} bytes, at ${takenAt}`);
}

function parseOptions(args: readonly string[]): { dir: string; verify: boolean } {
  const options = { verify: { type: 'boolean', default: false } } as const;
  const parsed = readArguments('backup', args, { options, allowPositionals: true });
  const [dir, ...more] = parsed.positionals;
  if (dir === undefined || more.length > 0)
    throw new HarkError('invalid', 'command.invalid', 'name one folder: hark backup DIR, or hark backup --verify DIR');
  return { dir, verify: parsed.values.verify };
}
