import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { nearest } from './arguments';
import { failureText } from './failure-text';
import { commandHelpText, helpText } from './help';

type Command = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

// Loaded on demand: a command loads only what it uses.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up/up.command.js')).up,
  open: async () => (await import('./open/open.command.js')).open,
  push: async () => (await import('./push/push.command.js')).push,
  demo: async () => (await import('./demo/demo.command.js')).demo,
  test: async () => (await import('./test/test.command.js')).test,
  bench: async () => (await import('./bench/bench.command.js')).bench,
  rebuild: async () => (await import('./rebuild/rebuild.command.js')).rebuild,
  park: async () => (await import('./park/park.command.js')).park,
  receipt: async () => (await import('./receipt/receipt.command.js')).receipt,
  keys: async () => (await import('./receipt/keys.command.js')).keys,
  backup: async () => (await import('./backup/backup.command.js')).backup,
  restore: async () => (await import('./backup/restore.command.js')).restore,
  'event-store': async () => (await import('./event-store/event-store.command.js')).eventStore,
  'migrate-events': async () => (await import('./migrate-events/migrate-events.command.js')).migrateEvents,
};

const usageExitCode = 2;
const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

async function main([name = '--help', ...args]: readonly string[]): Promise<void> {
  if (isHelp(name) || (name === 'help' && args.length === 0)) return print(helpText());
  if (name === '--version' || name === '-v' || name === 'version') return print(`hark ${version()}\n`);
  const asked = name === 'help' ? args[0] : args.some(isHelp) ? name : undefined;
  if (asked !== undefined) return print(commandHelpText(asked) ?? fail(asked));
  const load = Object.hasOwn(commands, name) ? commands[name]! : fail(name);
  await (
    await load()
  )(args, process.env);
}

function fail(name: string): never {
  const near = nearest(name, [...Object.keys(commands), 'help', '--help', '--version']);
  const advice = near ? `did you mean ./hark ${near}?` : './hark help lists them all';
  throw new HarkError('invalid', 'command.unknown', `there is no command ${name}; ${advice}`);
}

const version = (): string =>
  (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;

const print = (text: string): void => void process.stdout.write(text);

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(failureText(error));
    const misused = error instanceof HarkError && error.code.startsWith('command.');
    process.exit(misused ? usageExitCode : 1);
  },
);
