import { randomInt } from 'node:crypto';
import { connect, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Disposables, HarkError, Running } from '@hark/kernel';
import { Actors } from '../demo/actors';
import { call, expecting } from '../demo/http';
import { gatherAudience } from './audience';
import { BenchOptions } from './bench-options';
import { CostMeter } from './cost-meter';
import { describeMachine, Machine } from './machine';
import { OwnHub } from './own-hub';
import { summarise, Summary } from './percentiles';
import { untilQuiet } from './quiet';
import { figure, mebibytes, table } from './table';
import { sandboxOf } from './target';
import { familyUsage } from './usage';

const streamsDefault = 1_000;
/** As many as a gateway lets one person have. */
const ofOnePerson = 20;
const openingAtOnce = 50;
const arriveMs = 30_000;
/** All come from one address: each says another, as behind a proxy, so that the bound on connections is not met. */
const settings = { HARK_TRUSTED_PROXIES: '127.0.0.1,::1' };

/** What open event streams cost, and how fast they tell. */
export interface StreamsReport {
  readonly at: string;
  readonly machine: Machine;
  readonly streams: number;
  readonly memoryBytes: { readonly before: number; readonly open: number };
  /** CPU of the hub while nothing happens, of one core. */
  readonly idleShare: number;
  readonly pushes: number;
  /** From the request of a push to its event in each stream of its person. */
  readonly tellMs: Summary;
  readonly expected: number;
  readonly cpuMsPerPush: number;
}

/** Opens many streams of inboxes, 20 for each person, and pushes to these people at a steady rate. */
export async function benchStreams(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  say: (line: string) => void,
): Promise<StreamsReport> {
  const { streams: wanted = streamsDefault, ratePerSecond, seconds } = options;
  say("Starting a hub of the bench's own …");
  const own = await OwnHub.start(env, { args: [], env: settings }, started);
  const { url, pid } = own.run;
  const sandboxUrl = sandboxOf({ run: own.run, home: own.settings.home });
  const people = Math.ceil(wanted / ofOnePerson);
  say(`Preparing ${people} people …`);
  const audience = await gatherAudience(url, sandboxUrl, people);
  const actors = new Actors({ hubUrl: url, sandboxUrl, operatorOpenid: '' });
  const tokens: string[] = [];
  for (const { openid } of audience) tokens.push((await actors.logIn(openid)).token);
  const memory = () => familyUsage(pid, 'hub').reduce((total, { memoryBytes }) => total + memoryBytes, 0);
  await untilQuiet(pid, new AbortController().signal);
  const before = memory();

  say(`Opening ${wanted} streams …`);
  const sent = new Map<string, number>();
  const tellMs: number[] = [];
  const streams = started.add(
    new Streams(url, (text) => {
      const atMs = sent.get(text);
      if (atMs !== undefined) tellMs.push(performance.now() - atMs);
    }),
  );
  for (let from = 0; from < wanted; from += openingAtOnce) {
    const more = Array.from({ length: Math.min(openingAtOnce, wanted - from) }, (_, at) => from + at);
    await Promise.all(more.map((at) => streams.open(tokens[at % people]!, at)));
  }
  await untilQuiet(pid, new AbortController().signal);
  const open = memory();
  const idleMeter = new CostMeter(pid, false);
  await pause(5_000);
  const idleShare = idleMeter.per(1).cpuMsPerPush / 5_000;

  say(`Pushing ${ratePerSecond} a second for ${seconds} s …`);
  const meter = new CostMeter(pid, false);
  const begunMs = performance.now();
  const count = ratePerSecond * seconds;
  const pushing: Promise<unknown>[] = [];
  let expected = 0;
  for (let at = 0; at < count; at += 1) {
    await pause(Math.max(0, begunMs + (at * 1_000) / ratePerSecond - performance.now()));
    const person = randomInt(people);
    const body = `bench ${at} `;
    expected += Math.floor((wanted - 1 - person) / people) + 1;
    sent.set(body, performance.now());
    const pushed = call(url, 'POST', '/v1/pushes', { token: audience[person]!.key, body: { body } });
    pushing.push(pushed.then((answer) => expecting(answer, 202)));
  }
  await Promise.all(pushing);
  const giveUpAtMs = performance.now() + arriveMs;
  while (tellMs.length < expected && performance.now() < giveUpAtMs) await pause(20);
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    streams: wanted,
    memoryBytes: { before, open },
    idleShare,
    pushes: count,
    tellMs: summarise(tellMs),
    expected,
    cpuMsPerPush: meter.per(count).cpuMsPerPush,
  };
}

/** Many open streams, read as cheaply as possible. */
class Streams implements Running {
  private readonly sockets: Socket[] = [];
  private readonly hub: URL;

  constructor(
    url: string,
    private readonly onBody: (text: string) => void,
  ) {
    this.hub = new URL(url);
  }

  /** Resolves when the stream has begun. */
  open(token: string, number: number): Promise<void> {
    const socket = connect(Number(this.hub.port), '127.0.0.1');
    this.sockets.push(socket);
    socket.write(
      `GET /v1/inbox/stream HTTP/1.1\r\nhost: ${this.hub.host}\r\nauthorization: Bearer ${token}\r\n` +
        `x-forwarded-for: 10.${number >> 16}.${(number >> 8) & 255}.${number & 255}\r\n\r\n`,
    );
    let rest = '';
    return new Promise((resolve, reject) => {
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        const events = (rest + chunk).split('\n\n');
        rest = events.pop()!;
        for (const event of events) {
          if (event.includes('\nretry: ') || event.startsWith('retry: ')) resolve();
          const body = event.includes('event: filed') ? /"body":"(bench \d+ )"/.exec(event)?.[1] : undefined;
          if (body !== undefined) this.onBody(body);
        }
      });
      const gone = () => reject(new HarkError('unavailable', 'bench.stream-ended', 'a stream did not begin'));
      socket.once('error', gone).once('close', gone);
    });
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return Promise.resolve();
  }
}

/** The report for people. */
export function streamsText(report: StreamsReport): string {
  const { machine, streams, memoryBytes, idleShare, pushes, tellMs, expected, cpuMsPerPush } = report;
  const each = (memoryBytes.open - memoryBytes.before) / streams;
  return [
    `${streams} open streams; ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    table([
      ['memory of the hub before', mebibytes(memoryBytes.before)],
      ['with all open', mebibytes(memoryBytes.open)],
      ['of a stream, KiB', figure(each / 1_024)],
      ['CPU while nothing happens, of a core', figure(idleShare)],
      ['pushes', String(pushes)],
      ['told', `${tellMs.count} of ${expected}`],
      ['from the push to the stream p50, p99, max, ms', [tellMs.p50, tellMs.p99, tellMs.max].map(figure).join(', ')],
      ['CPU a push, ms', figure(cpuMsPerPush)],
    ]),
    '',
    'The clients run on the same machine and take their share of it.',
  ].join('\n');
}
