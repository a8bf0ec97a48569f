import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { EventStoreDBClient } from '@eventstore/db-client';
import { ParkedEvents } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';

const usage =
  'usage: ./hark park list | show GROUP | replay GROUP [--below N] | discard GROUP --below N --why TEXT [--by NAME]';

/**
 * `hark park …`: the events that reactors gave up, on the hub that runs on HARK_HOME or on EVENTSTORE_URL. `list`
 * counts them by group, `show` lists each with its number and reason, `replay` gives them to the group again, `discard`
 * gives them up for good and records who did so and why. `--below N` limits it to smaller numbers.
 */
export async function park(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { action, group, below, why, by } = readArguments(args);
  const client = EventStoreDBClient.connectionString(
    env.EVENTSTORE_URL || readRunFile(readSettings(env)).EVENTSTORE_URL,
  );
  const parked = new ParkedEvents(client);
  try {
    if (action === 'list')
      return say((await parked.groups()).map(({ group, parked }) => `${String(parked).padStart(6)}  ${group}`));
    if (group === undefined) throw invalid();
    if (action === 'show') return say((await parked.of(group)).map(described));
    if (action === 'replay') {
      await parked.replay(group, below);
      return say([`replayed; ./hark park show ${group} tells what is parked again`]);
    }
    if (action !== 'discard' || below === undefined || why === undefined) throw invalid();
    await parked.discard(group, below, by ?? userInfo().username, why);
    return say([`discarded below ${below}`]);
  } finally {
    await client.dispose();
  }
}

const described = (event: Awaited<ReturnType<ParkedEvents['of']>>[number]): string =>
  `${String(event.number).padStart(6)}  ${event.parkedAt}  ${event.reason}  ${event.type}  ${event.where}` +
  `${event.requestId === undefined ? '' : `  request ${event.requestId}`}\n        ${JSON.stringify(event.data)}`;

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { below: text, why: text, by: text },
      allowPositionals: true,
    });
    const [action, group, ...rest] = positionals;
    const below = values.below === undefined ? undefined : Number(values.below);
    if (rest.length === 0 && (below === undefined || (Number.isSafeInteger(below) && below >= 0)))
      return { action, group, below, why: values.why, by: values.by };
  } catch {
    // Reported below: one sentence for whatever is wrong with them.
  }
  throw invalid();
}

const invalid = (): HarkError => new HarkError('invalid', 'command.invalid', usage);
const say = (lines: readonly string[]): void =>
  void process.stdout.write(`${lines.join('\n') || 'nothing is parked'}\n`);
