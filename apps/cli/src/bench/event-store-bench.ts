import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, EventStoreDBClient, jsonEvent, type ReadPosition, START } from '@eventstore/db-client';
import { Started } from '../up/running';
import { BenchChild } from './bench-child';
import { closedLoop } from './closed-loop';
import { measureAppends } from './disk-append';
import { eventData } from './event-data';
import { describeMachine, Machine } from './machine';
import { Summary } from './percentiles';
import { measureLag } from './subscription-lag';
import { figure, table } from './table';
import { familyUsage } from './usage';

const inFlight = 64;
const appendMs = 3_000;
const warmUpMs = 1_000;
const streams = 1_000;
const historyEvents = 20_000;
/** Events in one append while many are written: below the store's bound of 1 MiB. */
const batch = 500;
const batchesInFlight = 8;
const readsMax = 5;
const callsMax = 500_000;
const diskMs = 1_000;
const restMs = 1;
const singleRounds = 3;

/** The same by the store and by the stub, and the share that the store reaches. */
interface Compared {
  readonly perSecond: number;
  readonly stubPerSecond: number;
  readonly share: number;
}

/** One append at a time, beside what the stub takes for it and what the disk takes to keep 4 KiB more. */
interface Single {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly stubP50Ms: number;
  /** One after the other, and with a pause before each. */
  readonly fsyncP50Ms: number;
  readonly restedFsyncP50Ms: number;
  readonly inFsyncs: number;
}

interface Figures {
  /** Appends of one event at 64 under way. */
  readonly batchAppends: Compared;
  readonly readStream: Compared;
  readonly readAll: Compared;
  readonly singleAppend: Single;
  /** From an append's answer to the event at a subscriber, at 1 000 appends a second. */
  readonly subscriptionLagMs: Summary;
  /** Of the store's process, after all this. */
  readonly memoryBytes: number;
}

/** The same figures of a store that holds many events, and how long it takes to open after a kill. */
interface Grown {
  readonly events: number;
  readonly writtenPerSecond: number;
  readonly figures: Figures;
  readonly openMs: number;
}

export interface EventStoreReport {
  readonly machine: Machine;
  readonly figures: Figures;
  readonly grown?: Grown;
}

/**
 * Measures the embedded event store against a stub that stores nothing; client, store and stub are a process each. With
 * `events` it then writes that many and measures again.
 */
export async function benchEventStore(
  events: number,
  started: Started,
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
  const middle = await fill(bench.ours, events, signal, say);
  const writtenPerSecond = (events * 1_000) / (performance.now() - began);
  const grown = await bench.figures(middle);
  await bench.ours.dispose();
  await store.kill();
  say('Opening after a kill …');
  const again = await BenchChild.start('event-store', home);
  started.add(again);
  return { machine, figures, grown: { events, writtenPerSecond, figures: grown, openMs: again.startMs } };
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

  /** `from`: where in the log `$all` is read. */
  async figures(from: ReadPosition): Promise<Figures> {
    const all = (client: EventStoreDBClient) => count(client.readAll({ fromPosition: from, maxCount: historyEvents }));
    return {
      batchAppends: await this.compare(`Appending one event at a time, ${inFlight} under way`, appendsPerSecond),
      readStream: await this.compare(`Reading a stream of ${historyEvents}`, (client) => best(() => readOne(client))),
      readAll: await this.compare(`Reading ${historyEvents} of $all`, (client) => best(() => all(client))),
      singleAppend: await this.single(),
      subscriptionLagMs: await this.lag(),
      memoryBytes: familyUsage(this.store.pid, 'store')[0]?.memoryBytes ?? 0,
    };
  }

  private async compare(what: string, measure: (client: EventStoreDBClient) => Promise<number>): Promise<Compared> {
    this.signal.throwIfAborted();
    this.say(`${what} …`);
    const stubPerSecond = await measure(this.stub);
    const perSecond = await measure(this.ours);
    return { perSecond, stubPerSecond, share: perSecond / stubPerSecond };
  }

  /** The round in the middle, by its ratio: the disk is not equally quick all the time. */
  private async single(): Promise<Single> {
    this.say('One append alone …');
    const rounds: Single[] = [];
    while (rounds.length < singleRounds) {
      this.signal.throwIfAborted();
      const alone = { concurrency: 1, durationMs: appendMs / singleRounds, callsMax };
      const ours = await closedLoop({ ...alone, call: appending(this.ours) });
      const fsyncs = await measureAppends(this.home, diskMs);
      const restedFsyncs = await measureAppends(this.home, diskMs, restMs);
      const fsyncP50Ms = fsyncs.latencyMs.p50 ?? 0;
      const stub = await closedLoop({ ...alone, call: appending(this.stub) });
      const { p50, p99 } = ours.latencyMs;
      const p50Ms = p50 ?? 0;
      rounds.push({
        p50Ms,
        p99Ms: p99 ?? 0,
        stubP50Ms: stub.latencyMs.p50 ?? 0,
        fsyncP50Ms,
        restedFsyncP50Ms: restedFsyncs.latencyMs.p50 ?? 0,
        inFsyncs: p50Ms / fsyncP50Ms,
      });
    }
    return rounds.sort((a, b) => a.inFsyncs - b.inFsyncs)[Math.floor(singleRounds / 2)] as Single;
  }

  private async lag(): Promise<Summary> {
    this.say('The lag of a subscription …');
    return measureLag(this.ours, this.signal);
  }
}

/** The report for people. */
export function eventStoreText({ machine, figures, grown }: EventStoreReport): string {
  const lines = [
    `The embedded event store on ${machine.cpus} × ${machine.cpu}, Node ${machine.node}; the stub stores nothing`,
    figuresText(figures),
  ];
  if (grown !== undefined) {
    lines.push(
      `\nThe same with ${grown.events} events more, written at ${figure(grown.writtenPerSecond)} a second`,
      figuresText(grown.figures),
      keptText(figures, grown.figures),
      `  opened ${figure(grown.openMs)} ms after a kill`,
    );
  }
  return lines.join('\n');
}

function figuresText({ singleAppend: single, subscriptionLagMs: lag, ...rest }: Figures): string {
  const row = (name: string, { perSecond, stubPerSecond, share }: Compared) => [
    name,
    figure(perSecond),
    figure(stubPerSecond),
    percent(share),
  ];
  return [
    table([
      ['', 'a second', 'stub', 'share'],
      row(`appends of one event, ${inFlight} under way`, rest.batchAppends),
      row('events read from a stream', rest.readStream),
      row('events read from $all', rest.readAll),
    ]),
    table([
      ['milliseconds', 'p50', 'p99', 'max'],
      ['one append alone', figure(single.p50Ms), figure(single.p99Ms)],
      ['the same by the stub', figure(single.stubP50Ms)],
      ['subscription behind an append, at 1000/s', figure(lag.p50), figure(lag.p99), figure(lag.max)],
    ]),
    `  one append alone costs ${figure(single.inFsyncs)} fsyncs of this disk (${figure(single.fsyncP50Ms)} ms),`,
    `  ${figure(single.p50Ms / single.restedFsyncP50Ms)} that have a pause before each (${figure(single.restedFsyncP50Ms)} ms)`,
    `  or ${figure((single.p50Ms - single.stubP50Ms) / single.fsyncP50Ms)} more than by the stub`,
    `  memory of the store ${figure(rest.memoryBytes / 1_048_576)} MiB`,
  ].join('\n');
}

/** What is left of each figure, by its ratio to the stub or the disk, because the machine changes between the two. */
function keptText(before: Figures, after: Figures): string {
  const kept = (name: string, ratio: (figures: Figures) => number) =>
    `${name} ${percent(ratio(after) / ratio(before))}`;
  return `  kept: ${[
    kept('appends', ({ batchAppends }) => batchAppends.share),
    kept('stream', ({ readStream }) => readStream.share),
    kept('$all', ({ readAll }) => readAll.share),
    kept('one append alone', ({ singleAppend }) => 1 / singleAppend.inFsyncs),
    kept('memory', ({ memoryBytes }) => memoryBytes),
  ].join(', ')}`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

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
    return client.appendToStream(benchStream(next++), event, { expectedRevision: ANY });
  };
}

async function appendsPerSecond(client: EventStoreDBClient): Promise<number> {
  const call = appending(client);
  await closedLoop({ concurrency: inFlight, durationMs: warmUpMs, callsMax, call });
  return (await closedLoop({ concurrency: inFlight, durationMs: appendMs, callsMax, call })).perSecond;
}

/** Writes `events`, a batch at a time to the stream `of` names; gives the position of the last. */
async function writeEvents(
  client: EventStoreDBClient,
  events: number,
  of: (batchNumber: number) => string,
): Promise<ReadPosition> {
  let position: ReadPosition = START;
  for (let written = 0; written < events; written += batch) {
    const some = Array.from({ length: Math.min(batch, events - written) }, (_, index) =>
      jsonEvent({ type: 'bench.happened', data: eventData(written + index) }),
    );
    const result = await client.appendToStream(of(written / batch), some, { expectedRevision: ANY });
    position = result.position ?? position;
  }
  return position;
}

/** Spreads `events` over the streams that are appended to; gives a position about halfway. */
async function fill(
  client: EventStoreDBClient,
  events: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<ReadPosition> {
  let middle: ReadPosition = START;
  const parts = 20;
  for (let part = 1; part <= parts; part += 1) {
    signal.throwIfAborted();
    const each = Math.ceil(events / parts / batchesInFlight);
    const lanes = Array.from({ length: batchesInFlight }, (_, lane) =>
      writeEvents(client, each, (number) => benchStream(part * 31 + lane + number * batchesInFlight)),
    );
    const [position] = await Promise.all(lanes);
    if (part === parts / 2 && position !== undefined) middle = position;
    say(`Writing ${events} events: ${percent(part / parts)}`);
  }
  return middle;
}

const benchStream = (number: number): string => `bench_append-${number % streams}`;
const readOne = (client: EventStoreDBClient) =>
  count(client.readStream('bench_history-1', { maxCount: historyEvents }));

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
