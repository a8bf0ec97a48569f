import { resolve } from 'node:path';
import { type EventStoreOptions, startEventStore } from '@hark/embedded-eventstore';
import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { privateDoor } from '../up/private-door';
import { writePrivate } from '../up/private-file';

const portMax = 65_535;
/** What a real server can be set to: its bound of a message, less room for the rest of the message. */
const maxAppendBytesMax = 16 * 1_048_576 - 10_000;

/**
 * `hark event-store --port N --data DIR [--advertise-host H --advertise-port P] [--auth USER:PASS | --private FILE] [--max-append BYTES]`:
 * the embedded event store on its own, until SIGINT or SIGTERM. Prints one line with its address when it is ready.
 */
export async function eventStore(args: readonly string[]): Promise<void> {
  const { privateFile, ...options } = readOptions(args);
  const door = privateFile === undefined ? undefined : privateDoor(`${privateFile}.crt`);
  const store = await startEventStore({ ...options, ...door });
  if (door && privateFile !== undefined) {
    writePrivate(door.tls.certificateFile, door.tls.certificate);
    writePrivate(privateFile, `${store.url}\n`);
  }
  process.stdout.write(
    `ready ${privateFile === undefined ? store.url : `on port ${store.port}, address in ${privateFile}`}\n`,
  );
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  await store.close();
}

/** Reads the arguments; throws `command.invalid` naming the wrong one. */
export function readOptions(args: readonly string[]): EventStoreOptions & { readonly privateFile?: string } {
  const values = parsed(args);
  const port = numberOf('--port', required('--port', values.port), 0, portMax);
  const { 'advertise-host': host, 'advertise-port': advertisedPort, 'max-append': maxAppend } = values;
  if (values.private !== undefined && values.auth !== undefined) throw invalid('--private makes a login of its own');
  return {
    ...(values.private !== undefined && { privateFile: resolve(required('--private', values.private)) }),
    dataDir: resolve(required('--data', values.data)),
    port,
    advertise: {
      ...(host !== undefined && { host }),
      ...(advertisedPort !== undefined && { port: numberOf('--advertise-port', advertisedPort, 1, portMax) }),
    },
    ...(values.auth !== undefined && { auth: credentialsOf(values.auth) }),
    ...(maxAppend !== undefined && { maxAppendBytes: numberOf('--max-append', maxAppend, 1, maxAppendBytesMax) }),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    port: text,
    data: text,
    'advertise-host': text,
    'advertise-port': text,
    auth: text,
    private: text,
    'max-append': text,
  };
  return readArguments('event-store', args, { options }).values;
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw invalid(`hark event-store needs ${name}`);
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw invalid(`${name} must be a whole number from ${min} to ${max}, not ${text}`);
}

/** The error must not quote it: it is a password. */
function credentialsOf(text: string): { user: string; password: string } {
  const [, user, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return { user, password };
  throw invalid('--auth must be USER:PASS');
}

const invalid = (message: string): HarkError => new HarkError('invalid', 'command.invalid', message);
