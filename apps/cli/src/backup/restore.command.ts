import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { readSettings } from '../up/settings';
import { restoreBackup } from './restore-backup';

/** `hark restore DIR [--replace]`: puts a backup into HARK_HOME, once all of it has been checked (docs/backup.md). */
export async function restore(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { dir, replace } = parseOptions(args);
  const settings = readSettings(env);
  const { manifest, movedTo, erasedSince } = await restoreBackup(settings, dir, replace);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (movedTo) say(`what was there before stands in ${movedTo}; delete it when the hub is as it should be`);
  if (erasedSince > 0) say(`${erasedSince} persons who have been erased stay erased`);
  say(`restored as of ${manifest.takenAt}; start it with ./hark up, which builds the tables anew`);
  say('Who was erased after that, and is known to no vault, must be erased again (docs/backup.md).');
}

function parseOptions(args: readonly string[]): { dir: string; replace: boolean } {
  const options = { replace: { type: 'boolean', default: false } } as const;
  const parsed = readArguments('restore', args, { options, allowPositionals: true });
  const [dir, ...more] = parsed.positionals;
  if (dir === undefined || more.length > 0)
    throw new HarkError('invalid', 'command.invalid', 'name one folder: hark restore DIR [--replace]');
  return { dir, replace: parsed.values.replace };
}
