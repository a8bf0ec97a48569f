import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { migrate } from './migrate';

/**
 * `hark migrate-events --from URL --to URL [--state FILE] [--verify-only]`: copies one event store to another and ends
 * when both are proved equal. Throws otherwise; may be run again after any interruption.
 */
export async function migrateEvents(args: readonly string[]): Promise<void> {
  const { from, to, state, 'verify-only': verifyOnly } = parseOptions(args);
  if (from === to) throw new HarkError('invalid', 'command.invalid', '--from and --to name the same store');
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  const { events, streams, groups } = await migrate({
    from,
    to,
    ...(state !== undefined && { stateFile: state }),
    verifyOnly,
    report,
  });
  report(`done: ${events} events, ${streams} streams and ${groups} groups are the same in both stores`);
}

function parseOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { from: text, to: text, state: text, 'verify-only': { type: 'boolean', default: false } } as const;
  const { values } = readArguments('migrate-events', args, { options });
  const { from, to } = values;
  if (from === undefined || to === undefined) {
    throw new HarkError('invalid', 'command.invalid', 'hark migrate-events needs --from and --to');
  }
  return { ...values, from, to };
}
