import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Disposables } from '@hark/kernel';
import { call, expecting } from '../demo/http';
import { gatherAudience, Recipient } from './audience';
import { BarkStream } from './bark-stream';
import { BenchOptions } from './bench-options';
import { warmed } from './hub-bench';
import { describeMachine, Machine } from './machine';
import { LoadResult, PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { figure, table } from './table';
import { sandboxOf, targetOf } from './target';

/** Pushes a second to the recipient whose provider hangs. */
const hangingPerSecond = 5;
const burst = 1_000;
const burstRecipients = 10;
const burstTriesMax = 5;
const burstRetryMs = 1_000;

/** One disturbance and what it did to everybody else. */
export interface Disturbed {
  readonly load: LoadResult;
  /** p99 of the others with it, divided by that without. */
  readonly acceptP99Ratio: number;
  readonly endToEndP99Ratio: number;
}

/** What one bad neighbour costs the others. */
export interface NeighboursReport {
  readonly at: string;
  readonly machine: Machine;
  readonly without: LoadResult;
  /** One recipient gets pushes all the time, and the provider takes their requests and never answers. */
  readonly hanging: Disturbed;
  /** One other app sends a thousand pushes in one request. */
  readonly burst: Disturbed;
}

/** Pushes at a steady rate three times: alone, beside a recipient whose provider hangs, and beside a thousand at once. */
export async function benchNeighbours(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<NeighboursReport> {
  const target = await targetOf(options, env, started, say);
  const { url, pid } = target.run;
  const sandboxUrl = sandboxOf(target);
  const { ratePerSecond, seconds } = options;
  say(`Preparing ${options.people} people, and ${1 + burstRecipients} of two other apps …`);
  const audience = await gatherAudience(url, sandboxUrl, options.people);
  const [hanging] = await gatherAudience(url, sandboxUrl, 1);
  const crowd = await gatherAudience(url, sandboxUrl, burstRecipients);
  const pushes = started.add(new PushLoad(url, audience, started.add(await BarkStream.open(sandboxUrl))));
  await warmed(pid, pushes, options, signal, say);
  const load = async (beside: () => Promise<void> = async () => undefined): Promise<LoadResult> => {
    await untilQuiet(pid, signal);
    signal.throwIfAborted();
    const [result] = await Promise.all([pushes.run({ ratePerSecond, seconds, signal }), beside()]);
    return result;
  };
  say(`Pushing ${ratePerSecond} a second for ${seconds} s, alone …`);
  const without = await load();
  const disturbed = (result: LoadResult): Disturbed => ({
    load: result,
    acceptP99Ratio: (result.acceptMs.p99 ?? NaN) / (without.acceptMs.p99 ?? NaN),
    endToEndP99Ratio: (result.endToEndMs.p99 ?? NaN) / (without.endToEndMs.p99 ?? NaN),
  });
  say('The same, beside a recipient whose provider hangs …');
  await setHanging(sandboxUrl, hanging!, true);
  const withHanging = disturbed(await load(() => pushSteadily(url, hanging!, seconds)));
  await setHanging(sandboxUrl, hanging!, false);
  say(`The same, beside an app that sends ${burst} at once …`);
  const withBurst = disturbed(await load(() => sendAtOnce(url, crowd, (seconds * 1_000) / 3)));
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    without,
    hanging: withHanging,
    burst: withBurst,
  };
}

async function setHanging(sandboxUrl: string, { deviceKey }: Recipient, isOn: boolean): Promise<void> {
  const body = { provider: 'bark', match: deviceKey, mode: isOn ? 'hang' : 'ok' };
  expecting(await call(sandboxUrl, 'POST', '/control/faults', { body }), 200);
}

async function pushSteadily(url: string, { key }: Recipient, seconds: number): Promise<void> {
  for (let sent = 0; sent < seconds * hangingPerSecond; sent += 1) {
    expecting(await call(url, 'POST', '/v1/pushes', { token: key, body: { body: 'hangs' } }), 202);
    await pause(1_000 / hangingPerSecond);
  }
}

async function sendAtOnce(url: string, crowd: readonly Recipient[], afterMs: number): Promise<void> {
  await pause(afterMs);
  const pushes = Array.from({ length: burst }, (_, index) => ({
    key: crowd[index % crowd.length]!.key,
    body: 'one of a thousand',
  }));
  // As the API asks of a sender: after 503 the same again under the same key, which makes nothing twice.
  const headers = { 'idempotency-key': randomUUID() };
  for (let tries = 1; ; tries += 1) {
    const answer = await call(url, 'POST', '/v1/pushes/batch', {
      token: crowd[0]!.appSecret,
      body: { pushes },
      headers,
    });
    if (answer.status !== 503 || tries === burstTriesMax) return void expecting(answer, 200);
    await pause(burstRetryMs);
  }
}

/** The report for people. */
export function neighboursText({ machine, without, hanging, burst: crowd }: NeighboursReport): string {
  const row = (
    name: string,
    { accepted, offered, lost, acceptMs, endToEndMs }: LoadResult,
    more: readonly number[],
  ) => [
    name,
    `${accepted} of ${offered}`,
    String(lost),
    ...[acceptMs.p99, endToEndMs.p50, endToEndMs.p99, endToEndMs.max, ...more].map(figure),
  ];
  const ratios = ({ acceptP99Ratio, endToEndP99Ratio }: Disturbed) => [acceptP99Ratio, endToEndP99Ratio];
  return [
    `The others, at ${without.offeredPerSecond} pushes a second; ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    table([
      [
        ...['', 'accepted', 'lost', 'accept p99 ms', 'end to end p50', 'p99', 'max'],
        ...['accept p99, of that alone', 'end to end p99, of that alone'],
      ],
      row('alone', without, []),
      row('beside one whose provider hangs', hanging.load, ratios(hanging)),
      row(`beside ${burst} at once`, crowd.load, ratios(crowd)),
    ]),
    '',
    'The load generator runs on the same machine and takes its share of it.',
  ].join('\n');
}
