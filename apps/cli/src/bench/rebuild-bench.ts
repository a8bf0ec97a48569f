import { Disposables } from '@hark/kernel';
import { rebuildAll, Rebuilt } from '../rebuild/rebuild.command';
import { gatherAudience } from './audience';
import { BarkStream } from './bark-stream';
import { BenchOptions } from './bench-options';
import { warmed } from './hub-bench';
import { describeMachine, Machine } from './machine';
import { LoadResult, PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { StoredReport, storePushes } from './stored-pushes';
import { figure, table } from './table';
import { sandboxOf, targetOf } from './target';

/** So many when `--stored` does not say another number. */
const storedDefault = 9_100;

/** What a rebuild of all read models costs, and what it costs those who push meanwhile. */
export interface RebuildReport {
  readonly at: string;
  readonly machine: Machine;
  readonly stored: StoredReport;
  readonly seconds: number;
  /** Events of the stored pushes a second of the whole rebuild; each is read by several services. */
  readonly eventsPerSecond: number;
  /** Whether every live table was what the log says. */
  readonly equal: boolean;
  readonly services: readonly {
    readonly events: number;
    readonly seconds: number;
    readonly tables: readonly string[];
  }[];
  readonly without: LoadResult;
  /** As many as the rebuild lasted; the last ends after it. */
  readonly during: readonly LoadResult[];
}

/** Rebuilds all read models of a hub of the bench's own, which holds many pushes and takes more meanwhile. */
export async function benchRebuild(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<RebuildReport> {
  const target = await targetOf({ ...options, own: true }, env, started, say);
  const own = target.own!;
  const { ratePerSecond, seconds } = options;
  say(`Preparing ${options.people} people with a verified Bark device and a binding each …`);
  const audience = await gatherAudience(target.run.url, sandboxOf(target), options.people);
  const stored = await storePushes(own, audience, options.stored || storedDefault, signal, say);
  const { pid, url, NATS_URL } = target.run;
  const stream = started.add(await BarkStream.open(sandboxOf(target)));
  const pushes = started.add(new PushLoad(url, audience, stream));
  await warmed(pid, pushes, options, signal, say);
  await untilQuiet(pid, signal);
  say(`Pushing ${ratePerSecond} a second for ${seconds} s …`);
  const without = await pushes.run({ ratePerSecond, seconds, signal });
  await untilQuiet(pid, signal);
  say('The same, while all read models are rebuilt …');
  const during: LoadResult[] = [];
  const began = performance.now();
  let over = false;
  const rebuilding = rebuildAll(own.settings, NATS_URL).finally(() => (over = true));
  const rebuilt = rebuilding.then((services) => ({ services, tookSeconds: (performance.now() - began) / 1_000 }));
  rebuilt.catch(() => undefined);
  do during.push(await pushes.run({ ratePerSecond, seconds, signal }));
  while (!over && !signal.aborted);
  const { services, tookSeconds } = await rebuilt;
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    stored,
    seconds: tookSeconds,
    eventsPerSecond: stored.events / tookSeconds,
    equal: services.every(({ tables }) => tables.every(({ equal }) => equal)),
    services: services.map(summaryOf),
    without,
    during,
  };
}

const summaryOf = ({ events, seconds, tables }: Rebuilt) => ({
  events,
  seconds,
  tables: tables.map(({ table }) => table),
});

/** The report for people. */
export function rebuildText({ machine, stored, seconds, eventsPerSecond, equal, ...report }: RebuildReport): string {
  const row = (name: string, { accepted, offered, lost, acceptMs, endToEndMs }: LoadResult): string[] => [
    name,
    `${accepted} of ${offered}`,
    String(lost),
    ...[acceptMs.p50, acceptMs.p99, endToEndMs.p50, endToEndMs.p99].map(figure),
  ];
  return [
    `All read models of a hub that holds ${stored.pushes} pushes; ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    '',
    `Rebuilt in ${figure(seconds)} s, ${figure(eventsPerSecond)} of the log's events a second; live and rebuilt tables ${equal ? 'were equal' : 'DIFFERED'}`,
    table([
      ['tables', 'events', 'seconds', 'a second'],
      ...report.services
        .filter(({ tables }) => tables.length > 0)
        .map(({ tables, events, seconds }) => [
          tables.join(', '),
          String(events),
          figure(seconds),
          figure(events / seconds),
        ]),
    ]),
    '',
    `Pushes meanwhile, at ${report.without.offeredPerSecond} a second`,
    table([
      ['', 'accepted', 'lost', 'accept p50 ms', 'p99', 'end to end p50', 'p99'],
      row('without a rebuild', report.without),
      ...report.during.map((load) => row('during it', load)),
    ]),
    '',
    'The load generator runs on the same machine and takes its share of it.',
  ].join('\n');
}
