import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Disposables } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { endChild } from '../up/end-child';
import { Baseline, concurrency, measureEcho } from './baselines';
import { BenchChild } from './bench-child';
import { describeMachine, Machine } from './machine';
import { figure, table } from './table';

const seconds = 3;
const listenTimeoutMs = 5_000;
const stopTimeoutMs = 3_000;

export interface NatsReport {
  readonly machine: Machine;
  readonly embedded: Baseline;
  /** Absent when there is no `nats-server` on the PATH. */
  readonly natsServer?: Baseline;
}

/** Request and reply of 500 bytes through the embedded broker and, if there is one on the PATH, through nats-server. */
export async function benchNats(started: Disposables, say: (line: string) => void): Promise<NatsReport> {
  say('The embedded broker …');
  const embedded = await measureEcho(started.add(await BenchChild.start('broker')), seconds, started);
  const server = await startNatsServer(started);
  if (!server) return { machine: describeMachine(), embedded };
  say('nats-server …');
  return { machine: describeMachine(), embedded, natsServer: await measureEcho(server, seconds, started) };
}

/** The report for people. */
export function natsText({ machine, embedded, natsServer }: NatsReport): string {
  const row = (name: string, { perSecond, p50Ms, p99Ms, cpuMsPerCall }: Baseline) => [
    name,
    ...[perSecond, p50Ms, p99Ms, cpuMsPerCall].map(figure),
  ];
  return [
    `Request and reply of 500 bytes, caller, broker and answerer a process each, on ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    table([
      ['', `a second (${concurrency} under way)`, 'p50 ms alone', 'p99 ms alone', 'CPU ms'],
      row('embedded broker', embedded),
      ...(natsServer
        ? [
            row('nats-server', natsServer),
            ['share', `${Math.round((embedded.perSecond / natsServer.perSecond) * 100)} %`],
          ]
        : []),
    ]),
    ...(natsServer ? [] : ['  no nats-server on the PATH to compare with']),
  ].join('\n');
}

/** `undefined` when there is none, or it does not say within 5 s where it listens. */
async function startNatsServer(started: Disposables): Promise<{ url: string; pid: number } | undefined> {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  child.once('exit', () => process.removeListener('exit', endWithUs));
  started.add({ close: async () => void (await endChild(child, stopTimeoutMs)) });
  const gone = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  const address = new Promise<string>((resolve) =>
    createInterface({ input: child.stderr }).on('line', (line) => {
      const port = /client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(`nats://127.0.0.1:${port}`);
    }),
  );
  const url = await withTimeout(listenTimeoutMs, Promise.race([address, gone]), () => undefined);
  return url === undefined || child.pid === undefined ? undefined : { url, pid: child.pid };
}
