import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { Started } from '../up/running';
import { BenchChild } from './bench-child';
import { closedLoop } from './closed-loop';
import { measureAppends } from './disk-append';
import { eventData } from './event-data';
import { describeMachine, Machine } from './machine';
import { Summary } from './percentiles';
import { measureLag } from './subscription-lag';
import { figure, table } from './table';

const inFlight = 64;
const appendMs = 3_000;
const warmUpMs = 1_000;
const streams = 1_000;
const historyEvents = 20_000;
/** Events in one append while the history is written: below the store's bound of 1 MiB. */
const historyBatch = 500;
const readsMax = 5;
const callsMax = 500_000;
const diskMs = 1_000;

/** The same by the store and by the stub, and the share that the store reaches. */
interface Compared {
  readonly perSecond: number;
  readonly stubPerSecond: number;
  readonly share: number;
}

export interface EventStoreReport {
  readonly machine: Machine;
  /** Appends of one event at 64 under way. */
  readonly batchAppends: Compared;
  readonly readStream: Compared;
  readonly readAll: Compared;
  readonly singleAppend: {
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly fsyncP50Ms: number;
    readonly inFsyncs: number;
  };
  /** From an append's answer to the event at a subscriber, at 1 000 appends a second. */
  readonly subscriptionLagMs: Summary;
}

/** Measures the embedded event store against a stub that stores nothing; client, store and stub are a process each. */
export async function benchEventStore(
  started: Started,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<EventStoreReport> {
  const home = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  started.add({ close: () => rmSync(home, { recursive: true, force: true }) });
  const ours = await clientOf(await BenchChild.start('event-store', home), started);
  const stub = await clientOf(await BenchChild.start('stub-store'), started);
  const compare = async (what: string, measure: (client: EventStoreDBClient) => Promise<number>): Promise<Compared> => {
    signal.throwIfAborted();
    say(`${what} …`);
    const stubPerSecond = await measure(stub);
    const perSecond = await measure(ours);
    return { perSecond, stubPerSecond, share: perSecond / stubPerSecond };
  };
  const batchAppends = await compare(`Appending one event at a time, ${inFlight} under way`, appendsPerSecond);
  await writeHistory(ours);
  const readStream = await compare(`Reading a stream of ${historyEvents}`, (client) => best(() => readOne(client)));
  const readAll = await compare(`Reading ${historyEvents} of $all`, (client) => best(() => readEverything(client)));
  say('One append alone …');
  const { latencyMs } = await closedLoop({ concurrency: 1, durationMs: appendMs, callsMax, call: appending(ours) });
  const fsyncP50Ms = measureAppends(home, diskMs).latencyMs.p50 ?? 0;
  const p50Ms = latencyMs.p50 ?? 0;
  say('The lag of a subscription …');
  return {
    machine: describeMachine(),
    batchAppends,
    readStream,
    readAll,
    singleAppend: { p50Ms, p99Ms: latencyMs.p99 ?? 0, fsyncP50Ms, inFsyncs: p50Ms / fsyncP50Ms },
    subscriptionLagMs: await measureLag(ours, signal),
  };
}

/** The report for people. */
export function eventStoreText(report: EventStoreReport): string {
  const { machine, singleAppend: single, subscriptionLagMs: lag } = report;
  const row = (name: string, { perSecond, stubPerSecond, share }: Compared) => [
    name,
    figure(perSecond),
    figure(stubPerSecond),
    `${Math.round(share * 100)} %`,
  ];
  return [
    `The embedded event store on ${machine.cpus} × ${machine.cpu}, Node ${machine.node}; the stub stores nothing`,
    table([
      ['', 'a second', 'stub', 'share'],
      row(`appends of one event, ${inFlight} under way`, report.batchAppends),
      row('events read from a stream', report.readStream),
      row('events read from $all', report.readAll),
    ]),
    table([
      ['milliseconds', 'p50', 'p99', 'max'],
      ['one append alone', figure(single.p50Ms), figure(single.p99Ms)],
      ['subscription behind an append, at 1000/s', figure(lag.p50), figure(lag.p99), figure(lag.max)],
    ]),
    `  one append alone costs ${figure(single.inFsyncs)} fsyncs of this disk (${figure(single.fsyncP50Ms)} ms)`,
  ].join('\n');
}

async function clientOf(child: BenchChild, started: Started): Promise<EventStoreDBClient> {
  started.add(child);
  const client = EventStoreDBClient.connectionString(child.url);
  started.add({ close: () => client.dispose() });
  return client;
}

function appending(client: EventStoreDBClient): () => Promise<unknown> {
  let next = 0;
  return () => {
    const event = jsonEvent({ type: 'bench.happened', data: eventData(next) });
    return client.appendToStream(`bench_append-${next++ % streams}`, event, { expectedRevision: ANY });
  };
}

async function appendsPerSecond(client: EventStoreDBClient): Promise<number> {
  const call = appending(client);
  await closedLoop({ concurrency: inFlight, durationMs: warmUpMs, callsMax, call });
  return (await closedLoop({ concurrency: inFlight, durationMs: appendMs, callsMax, call })).perSecond;
}

async function writeHistory(client: EventStoreDBClient): Promise<void> {
  for (let written = 0; written < historyEvents; written += historyBatch) {
    const events = Array.from({ length: historyBatch }, (_, index) =>
      jsonEvent({ type: 'bench.happened', data: eventData(written + index) }),
    );
    await client.appendToStream('bench_history-1', events, { expectedRevision: ANY });
  }
}

const readOne = (client: EventStoreDBClient) =>
  count(client.readStream('bench_history-1', { maxCount: historyEvents }));
const readEverything = (client: EventStoreDBClient) =>
  count(client.readAll({ fromPosition: START, maxCount: historyEvents }));

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const _event of events) seen += 1;
  return seen;
}

/** Events a second of the fastest of several reads: the first ones compile code. */
async function best(read: () => Promise<number>): Promise<number> {
  let fastest = 0;
  for (let reads = 0; reads < readsMax; reads += 1) {
    const began = performance.now();
    const events = await read();
    fastest = Math.max(fastest, (events * 1_000) / (performance.now() - began));
  }
  return fastest;
}
