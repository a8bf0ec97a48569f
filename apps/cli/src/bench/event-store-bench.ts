import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, EventStoreDBClient, jsonEvent, type ReadPosition, START } from '@eventstore/db-client';
import { Disposables } from '@hark/kernel';
import { BenchChild } from './bench-child';
import { closedLoop } from './closed-loop';
import { measureAppends } from './disk-append';
import { eventData } from './event-data';
import { appendsInFlight, Compared, EventStoreReport, Figures, percent, SingleAppend } from './event-store-report';
import { describeMachine } from './machine';
import { Summary } from './percentiles';
import { measureLag } from './subscription-lag';
import { familyUsage } from './usage';

/** Each measurement alternates with the one it is compared to; the median of the rounds counts. */
const turns = 5;
const appendMs = 2_000;
const singleMs = 600;
const warmUpMs = 2_000;
const streams = 1_000;
const historyEvents = 20_000;
/** Events in one append while many are written: below the store's bound of 1 MiB. */
const batch = 500;
const batchesInFlight = 8;
/** The number of parts; after some of them the store's memory is read. */
const parts = 20;
const sampledParts = [parts / 10, parts / 2, parts];
const callsMax = 500_000;
const restMs = 1;

/**
 * Measures the embedded event store against a stub that stores nothing; client, store and stub are a process each. With
 * `events` it then writes that many and measures again.
 */
export async function benchEventStore(
  events: number,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<EventStoreReport> {
  const home = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  started.add({ close: () => rmSync(home, { recursive: true, force: true }) });
  const store = await BenchChild.start('event-store', home);
  const stub = await clientOf(await BenchChild.start('stub-store'), started);
  const bench = new EventStoreBench(store, await clientOf(store, started), stub, home, signal, say);
  await writeEvents(bench.ours, historyEvents, () => 'bench_history-1');
  const machine = describeMachine();
  const figures = await bench.figures(START);
  if (events === 0) return { machine, figures };
  const began = performance.now();
  const { halfway, memoryBytes } = await fill(bench, events, signal, say);
  const writtenPerSecond = (events * 1_000) / (performance.now() - began);
  const grown = await bench.figures(halfway);
  await bench.ours.dispose();
  await store.kill();
  say('Opening after a kill …');
  const again = await BenchChild.start('event-store', home);
  started.add(again);
  return { machine, figures, grown: { events, writtenPerSecond, memoryBytes, figures: grown, openMs: again.startMs } };
}

class EventStoreBench {
  constructor(
    private readonly store: BenchChild,
    readonly ours: EventStoreDBClient,
    private readonly stub: EventStoreDBClient,
    private readonly home: string,
    private readonly signal: AbortSignal,
    private readonly say: (line: string) => void,
  ) {}

  /** `from`: the position from which `$all` is read. */
  async figures(from: ReadPosition): Promise<Figures> {
    const all = (client: EventStoreDBClient) => count(client.readAll({ fromPosition: from, maxCount: historyEvents }));
    for (const client of [this.stub, this.ours]) await appendsPerSecond(client, warmUpMs);
    return {
      batchAppends: await this.compare(`Appending one event at a time, ${appendsInFlight} under way`, appendsPerSecond),
      readStream: await this.compare(`Reading a stream of ${historyEvents}`, (client) => perSecond(readOne, client)),
      readAll: await this.compare(`Reading ${historyEvents} of $all`, (client) => perSecond(all, client)),
      singleAppend: await this.single(),
      subscriptionLagMs: await this.lag(),
      memoryBytes: this.memoryBytes(),
    };
  }

  memoryBytes(): number {
    return familyUsage(this.store.pid, 'store')[0]?.memoryBytes ?? 0;
  }

  private async compare(what: string, measure: (client: EventStoreDBClient) => Promise<number>): Promise<Compared> {
    this.say(`${what} …`);
    const runs: Compared[] = [];
    while (runs.length < turns) {
      this.signal.throwIfAborted();
      const stubPerSecond = await measure(this.stub);
      const perSecond = await measure(this.ours);
      runs.push({ perSecond, stubPerSecond, share: perSecond / stubPerSecond });
    }
    return {
      perSecond: middle(runs.map((run) => run.perSecond)),
      stubPerSecond: middle(runs.map((run) => run.stubPerSecond)),
      share: middle(runs.map(({ share }) => share)),
    };
  }

  private async single(): Promise<SingleAppend> {
    this.say('One append alone …');
    const alone = { concurrency: 1, durationMs: singleMs, callsMax };
    const runs: Omit<SingleAppend, 'inFsyncs'>[] = [];
    while (runs.length < turns) {
      this.signal.throwIfAborted();
      const ours = await closedLoop({ ...alone, call: appending(this.ours) });
      const fsyncs = await measureAppends(this.home, singleMs);
      const stub = await closedLoop({ ...alone, call: appending(this.stub) });
      const rested = await measureAppends(this.home, singleMs, restMs);
      runs.push({
        p50Ms: ours.latencyMs.p50 ?? 0,
        p99Ms: ours.latencyMs.p99 ?? 0,
        stubP50Ms: stub.latencyMs.p50 ?? 0,
        fsyncP50Ms: fsyncs.latencyMs.p50 ?? 0,
        restedFsyncP50Ms: rested.latencyMs.p50 ?? 0,
      });
    }
    const middleOf = (what: (run: Omit<SingleAppend, 'inFsyncs'>) => number) => middle(runs.map(what));
    return {
      p50Ms: middleOf(({ p50Ms }) => p50Ms),
      p99Ms: middleOf(({ p99Ms }) => p99Ms),
      stubP50Ms: middleOf(({ stubP50Ms }) => stubP50Ms),
      fsyncP50Ms: middleOf(({ fsyncP50Ms }) => fsyncP50Ms),
      restedFsyncP50Ms: middleOf(({ restedFsyncP50Ms }) => restedFsyncP50Ms),
      inFsyncs: middleOf(({ p50Ms, fsyncP50Ms }) => p50Ms / fsyncP50Ms),
    };
  }

  private async lag(): Promise<Summary> {
    this.say('The lag of a subscription …');
    return measureLag(this.ours, this.signal);
  }
}

async function clientOf(child: BenchChild, started: Disposables): Promise<EventStoreDBClient> {
  started.add(child);
  const client = EventStoreDBClient.connectionString(child.url);
  started.add({ close: () => client.dispose() });
  return client;
}

function appending(client: EventStoreDBClient): () => Promise<unknown> {
  let next = 0;
  return () => {
    const event = jsonEvent({ type: 'bench.happened', data: eventData(next) });
    return client.appendToStream(benchStream(next++), event, { expectedRevision: ANY });
  };
}

async function appendsPerSecond(client: EventStoreDBClient, durationMs = appendMs): Promise<number> {
  return (await closedLoop({ concurrency: appendsInFlight, durationMs, callsMax, call: appending(client) })).perSecond;
}

/** Writes `events`, each batch to the stream that `nextStream` names; returns the last one's position. */
async function writeEvents(
  client: EventStoreDBClient,
  events: number,
  nextStream: () => string,
): Promise<ReadPosition> {
  let position: ReadPosition = START;
  for (let written = 0; written < events; written += batch) {
    const some = Array.from({ length: Math.min(batch, events - written) }, (_, index) =>
      jsonEvent({ type: 'bench.happened', data: eventData(written + index) }),
    );
    const result = await client.appendToStream(nextStream(), some, { expectedRevision: ANY });
    position = result.position ?? position;
  }
  return position;
}

/** Spreads `events` over the streams that are appended to; returns a position about halfway. */
async function fill(
  bench: EventStoreBench,
  events: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<{ halfway: ReadPosition; memoryBytes: readonly number[] }> {
  let halfway: ReadPosition = START;
  const memoryBytes: number[] = [];
  let next = 0;
  for (let part = 1; part <= parts; part += 1) {
    signal.throwIfAborted();
    const each = Math.ceil(events / parts / batchesInFlight);
    const lanes = Array.from({ length: batchesInFlight }, () =>
      writeEvents(bench.ours, each, () => benchStream(next++)),
    );
    const [position = START] = await Promise.all(lanes);
    if (part === parts / 2) halfway = position;
    if (sampledParts.includes(part)) memoryBytes.push(bench.memoryBytes());
    say(`Writing ${events} events: ${percent(part / parts)}`);
  }
  return { halfway, memoryBytes };
}

const benchStream = (number: number): string => `bench_append-${number % streams}`;
const readOne = (client: EventStoreDBClient) =>
  count(client.readStream('bench_history-1', { maxCount: historyEvents }));

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const _event of events) seen += 1;
  return seen;
}

async function perSecond(read: (client: EventStoreDBClient) => Promise<number>, client: EventStoreDBClient) {
  const began = performance.now();
  const events = await read(client);
  return (events * 1_000) / (performance.now() - began);
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
