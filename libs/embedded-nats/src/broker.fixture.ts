import { connect as dial, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConnectionOptions, type NatsConnection } from 'nats';
import { type NatsBrokerOptions, type RunningNatsBroker, startNatsBroker } from './start-nats-broker';

/** With NATS_URL set, everything that does not need a setting of its own runs against that server instead of ours. */
export const elsewhere = process.env['NATS_URL'];
/** For what needs a setting, or the broker's counts. */
export const oursOnly = elsewhere === undefined ? describe : describe.skip;

let url = '';
let open: { close(): unknown }[] = [];
let broker: RunningNatsBroker | undefined;

/** Gives a spec its broker, and closes after each test what the test opened. */
export function useBroker(): void {
  beforeAll(async () => {
    if (elsewhere === undefined) broker = await startNatsBroker();
    url = elsewhere ?? broker!.url;
  });
  afterAll(() => broker?.close());
  afterEach(async () => {
    await Promise.all(open.map((one) => one.close()));
    open = [];
  });
}

/** A broker with settings of its own. */
export async function start(options: NatsBrokerOptions): Promise<RunningNatsBroker> {
  const one = await startNatsBroker(options);
  open.push(one);
  return one;
}

/** The real client, on the spec's broker unless a port or server is given. */
export async function client(options: ConnectionOptions = {}): Promise<NatsConnection> {
  const nc = await connect({
    reconnect: false,
    ...('port' in options ? {} : { servers: new URL(url).host }),
    ...options,
  });
  open.push(nc);
  return nc;
}

/** Waits for a condition, at most a minute. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(5)) if (holds()) return;
  throw new Error(`never came true: ${what}`);
}

/** A connection without a client library. */
export class Raw {
  said = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.said += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  static async dial(to = url): Promise<Raw> {
    const { hostname, port } = new URL(to);
    const raw = new Raw(dial(Number(port), hostname));
    open.push({ close: () => raw.socket.destroy() });
    await until('INFO', () => raw.said.includes('\r\n'));
    return raw;
  }

  write(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** What was answered, without INFO, once the server has closed or has answered a last ping. */
  async answer(text: string, to: 'lives' | 'dies'): Promise<string> {
    this.said = '';
    this.write(to === 'lives' ? `${text}PONG\r\nPING\r\n` : text);
    await until(`an end of ${JSON.stringify(this.said)}`, () =>
      to === 'lives' ? this.said.endsWith('PONG\r\n') : this.closed,
    );
    return this.said.replace(/PONG\r\n$/, '');
  }

  /** What has been said, once everything written until now is answered. */
  async rest(): Promise<string> {
    this.write('PING\r\n');
    await until('PONG', () => this.said.endsWith('PONG\r\n'));
    return this.said.replace(/PONG\r\n$/, '');
  }
}

/** A client that wants to hear nothing needless. */
export const quiet = 'CONNECT {"verbose":false,"pedantic":false}\r\n';
/** A client that knows headers and asks for status 503. */
export const asking = 'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';
export const pub = (subject: string, text = 'x') => `PUB ${subject} ${text.length}\r\n${text}\r\n`;
/** Two refusals. */
export const unknown = "-ERR 'Unknown Protocol Operation'\r\n";
export const tooLong = "-ERR 'maximum control line exceeded'\r\n";
export const a = (count: number) => 'a'.repeat(count);
