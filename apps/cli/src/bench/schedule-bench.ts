import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { END, eventTypeFilter } from '@eventstore/db-client';
import { EventStore } from '@hark/eventstore';
import { Disposables, HarkError, Running } from '@hark/kernel';
import { call, expecting } from '../demo/http';
import { gatherAudience, Recipient } from './audience';
import { BarkStream } from './bark-stream';
import { BenchOptions } from './bench-options';
import { CostMeter, rootNameOf } from './cost-meter';
import { warmed } from './hub-bench';
import { describeMachine, Machine } from './machine';
import { summarise, Summary } from './percentiles';
import { LoadResult, PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { figure, table } from './table';
import { sandboxOf, targetOf } from './target';

const dueDefault = 10_000;
const batch = 500;
const batchTriesMax = 10;
const retryMs = 1_000;
/** So many are prepared a second at the least, by which the time is chosen that they are due. */
const preparedPerSecond = 150;
const aheadMs = 60_000;
/** The load begins this long before the crowd is due. */
const leadMs = 1_000;
/** What is not fired by then counts as not fired. */
const giveUpMs = 300_000;
/** Threads that cost less are not shown. */
const shownMs = 0.01;

/** What a crowd of pushes due in one second costs everybody else, and how they are fired. */
export interface ScheduleReport {
  readonly at: string;
  readonly machine: Machine;
  readonly due: number;
  readonly fired: number;
  /** Before their time, by the log's own clock. */
  readonly early: number;
  /** Pushes fired more than once. */
  readonly twice: number;
  readonly firedPerSecond: number;
  /** After their time, by the log's clock. */
  readonly lateMs: Summary;
  /** Of the whole hub, from when they were due until the last one was fired, divided by them: with all else that it did meanwhile. */
  readonly cpuMsPerFired: number;
  /** The same for each thread. */
  readonly threads: readonly { readonly name: string; readonly cpuMsPerFired: number }[];
  readonly without: LoadResult;
  /** As many as the firing lasted. */
  readonly during: readonly LoadResult[];
  /** The worst of them, of that without. */
  readonly acceptP99Ratio: number;
  readonly endToEndP99Ratio: number;
}

/** Schedules many pushes for one moment, and pushes at a steady rate before it and while they are fired. */
export async function benchSchedule(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<ScheduleReport> {
  const target = await targetOf(options, env, started, say);
  const { url, pid, EVENTSTORE_URL } = target.run;
  const sandboxUrl = sandboxOf(target);
  const { ratePerSecond, seconds, due = dueDefault } = options;
  say(`Preparing ${options.people} people of one app, and as many of another …`);
  const audience = await gatherAudience(url, sandboxUrl, options.people);
  const crowd = await gatherAudience(url, sandboxUrl, options.people);
  const pushes = started.add(new PushLoad(url, audience, started.add(await BarkStream.open(sandboxUrl))));
  await warmed(pid, pushes, options, signal, say);
  await untilQuiet(pid, signal);
  say(`Pushing ${ratePerSecond} a second for ${seconds} s …`);
  const without = await pushes.run({ ratePerSecond, seconds, signal });

  const firings = started.add(await Firings.watch(EVENTSTORE_URL));
  const dueAtMs = Math.ceil((Date.now() + aheadMs + (due * 1_000) / preparedPerSecond) / 1_000) * 1_000;
  say(`Scheduling ${due} pushes for ${new Date(dueAtMs).toISOString()} …`);
  await schedule(url, crowd, due, dueAtMs, signal);
  await untilQuiet(pid, signal);
  const leftMs = dueAtMs - leadMs - Date.now();
  if (leftMs < 0) throw new HarkError('unavailable', 'bench.too-slow', 'they were due before all were accepted');
  await pause(leftMs, undefined, { signal });
  say('Pushing at the same rate while they are fired …');
  const during: LoadResult[] = [];
  await target.profiles?.begin();
  const meter = new CostMeter(pid, options.split);
  const cost = firings.reach(due).then((fired) => meter.per(fired));
  do during.push(await pushes.run({ ratePerSecond, seconds, signal }));
  while (firings.count < due && Date.now() < dueAtMs + giveUpMs && !signal.aborted);
  firings.giveUp();
  const spent = await cost;
  await target.profiles?.end(rootNameOf(options.split));
  const ratio = (of: (load: LoadResult) => Summary): number =>
    Math.max(...during.map((load) => of(load).p99 ?? NaN)) / (of(without).p99 ?? NaN);
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    due,
    ...firings.of(dueAtMs),
    cpuMsPerFired: spent.cpuMsPerPush,
    threads: spent.threads
      .map(({ part, thread, cpuMsPerPush }) => ({ name: `${part}: ${thread}`, cpuMsPerFired: cpuMsPerPush }))
      .filter(({ cpuMsPerFired }) => cpuMsPerFired >= shownMs),
    without,
    during,
    acceptP99Ratio: ratio(({ acceptMs }) => acceptMs),
    endToEndP99Ratio: ratio(({ endToEndMs }) => endToEndMs),
  };
}

async function schedule(
  url: string,
  crowd: readonly Recipient[],
  due: number,
  dueAtMs: number,
  signal: AbortSignal,
): Promise<void> {
  const sendAt = new Date(dueAtMs).toISOString();
  for (let from = 0; from < due && !signal.aborted; from += batch) {
    const pushes = Array.from({ length: Math.min(batch, due - from) }, (_, index) => ({
      key: crowd[(from + index) % crowd.length]!.key,
      body: `due at one moment, ${from + index}`,
      sendAt,
    }));
    await scheduleBatch(url, crowd[0]!.appSecret, pushes);
  }
}

async function scheduleBatch(url: string, token: string, pushes: readonly object[]): Promise<void> {
  // As the API asks of a sender: the same again under the same key, which makes nothing twice.
  const headers = { 'idempotency-key': randomUUID() };
  for (let tries = 1; ; tries += 1) {
    const answer = await call(url, 'POST', '/v1/pushes/batch', { token, body: { pushes }, headers });
    const results = (answer.body.results ?? []) as unknown as readonly { status?: string }[];
    if (answer.status === 200 && results.every(({ status }) => status === 'scheduled')) return;
    if (tries === batchTriesMax) return void expecting(answer, 200);
    await pause(retryMs);
  }
}

/** Every firing, as the log has it. */
class Firings implements Running {
  private readonly atMs = new Map<string, number[]>();
  private readonly over = new AbortController();
  private sought = Infinity;

  private constructor(
    private readonly store: EventStore,
    private readonly unsubscribe: () => Promise<void>,
  ) {}

  /** Resolves when it is subscribed: what is fired from then on is seen. */
  static async watch(eventStoreUrl: string): Promise<Firings> {
    const store = EventStore.connect(eventStoreUrl);
    const filter = eventTypeFilter({ prefixes: ['message.fired'] });
    const subscription = store.client.subscribeToAll({ fromPosition: END, filter });
    const firings = new Firings(store, () => subscription.unsubscribe());
    subscription.on('data', ({ event }) => {
      if (event) firings.saw(event.streamId, event.created.getTime());
    });
    await new Promise<void>((resolve, reject) => {
      subscription.once('confirmation', () => resolve());
      subscription.once('error', reject);
    });
    return firings;
  }

  get count(): number {
    return this.atMs.size;
  }

  /** Resolves when so many were fired, or at `giveUp`, with how many were. */
  async reach(count: number): Promise<number> {
    this.sought = count;
    await pause(giveUpMs, undefined, { signal: this.over.signal, ref: false }).catch(() => undefined);
    return this.count;
  }

  giveUp(): void {
    this.over.abort();
  }

  of(dueAtMs: number): Pick<ScheduleReport, 'fired' | 'early' | 'twice' | 'firedPerSecond' | 'lateMs'> {
    const all = [...this.atMs.values()];
    const late = all.map(([first]) => first! - dueAtMs);
    const lastMs = Math.max(1, ...late);
    return {
      fired: all.length,
      early: late.filter((ms) => ms < 0).length,
      twice: all.filter(({ length }) => length > 1).length,
      firedPerSecond: (all.length * 1_000) / lastMs,
      lateMs: summarise(late),
    };
  }

  async close(): Promise<void> {
    this.giveUp();
    await this.unsubscribe().catch(() => undefined);
    await this.store.close();
  }

  private saw(streamId: string, atMs: number): void {
    const before = this.atMs.get(streamId);
    if (before) before.push(atMs);
    else this.atMs.set(streamId, [atMs]);
    if (this.count >= this.sought) this.over.abort();
  }
}

/** The report for people. */
export function scheduleText({ machine, due, fired, early, twice, firedPerSecond, lateMs, ...report }: ScheduleReport) {
  const { without, during, acceptP99Ratio, endToEndP99Ratio, cpuMsPerFired, threads } = report;
  const row = (name: string, { accepted, offered, lost, acceptMs, endToEndMs }: LoadResult): string[] => [
    name,
    `${accepted} of ${offered}`,
    String(lost),
    ...[acceptMs.p50, acceptMs.p99, endToEndMs.p50, endToEndMs.p99].map(figure),
  ];
  return [
    `${due} pushes due at one moment; ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    table([
      ['fired', `${fired} of ${due}`],
      ['fired a second', figure(firedPerSecond)],
      [
        'late p50, p99, last, s',
        [lateMs.p50, lateMs.p99, lateMs.max].map((ms) => figure((ms ?? NaN) / 1_000)).join(', '),
      ],
      ['before their time', String(early)],
      ['more than once', String(twice)],
      ['CPU of the hub meanwhile, for each, ms', figure(cpuMsPerFired)],
      ...threads.map((thread) => [`  ${thread.name}`, figure(thread.cpuMsPerFired)]),
    ]),
    '',
    `Pushes meanwhile, at ${without.offeredPerSecond} a second`,
    table([
      ['', 'accepted', 'lost', 'accept p50 ms', 'p99', 'end to end p50', 'p99'],
      row('before', without),
      ...during.map((load) => row('while they are fired', load)),
    ]),
    `  p99 at the worst, of that before: accept ${figure(acceptP99Ratio)}, end to end ${figure(endToEndP99Ratio)}`,
    '',
    'The load generator runs on the same machine and takes its share of it.',
  ].join('\n');
}
