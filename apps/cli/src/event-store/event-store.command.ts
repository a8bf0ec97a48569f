import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEventStore } from '@hark/embedded';
import { HarkError } from '@hark/kernel';

/**
 * `hark event-store --port N --data DIR [--advertise-host H --advertise-port P] [--auth USER:PASS] [--max-append BYTES]`:
 * the embedded event store on its own, until SIGINT or SIGTERM. Prints one line with its address when it is ready.
 */
export async function eventStore(args: readonly string[]): Promise<void> {
  const { values } = parseOptions(args);
  const [user, ...password] = (values.auth ?? '').split(':');
  const store = await startEventStore({
    dataDir: resolve(required(values.data, '--data')),
    port: numberOf(required(values.port, '--port'), '--port'),
    ...(values['advertise-host'] && {
      advertise: {
        host: values['advertise-host'],
        port: numberOf(values['advertise-port'] ?? required(values.port, '--port'), '--advertise-port'),
      },
    }),
    ...(values.auth && { auth: { user: user!, password: password.join(':') } }),
    ...(values['max-append'] && { maxAppendBytes: numberOf(values['max-append'], '--max-append') }),
  });
  process.stdout.write(`ready ${store.url}\n`);
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  await store.close();
}

function parseOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    port: text,
    data: text,
    'advertise-host': text,
    'advertise-port': text,
    auth: text,
    'max-append': text,
  };
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new HarkError('invalid', 'command.invalid', (error as Error).message);
  }
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new HarkError('invalid', 'command.invalid', `hark event-store needs ${name}`);
}

function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new HarkError('invalid', 'command.invalid', `${name} must be a whole number, not ${text}`);
}
