import { Baseline } from './baselines';
import type { Comparison } from './comparison';
import type { PartCost } from './cost-meter';
import type { HubReport } from './hub-bench';
import type { MeasuredLoad } from './measured-load';
import { partNames } from './profile-parts';
import type { AcceptResult, LoadResult } from './push-load';
import { figure, mebibytes, table } from './table';

/** The report for people. */
export function hubText(report: HubReport): string {
  const { machine, hub, baselines, load, highest, accept, ratios, comparison, notes } = report;
  const { http, nats, append } = baselines;
  return [
    `${hub.url}, ${processesOf(hub)}, ${hub.people} people${hub.batch === undefined ? '' : `, ${hub.batch} pushes in a request`}; ${machine.cpus} × ${machine.cpu}, ${mebibytes(machine.memoryBytes)}, Linux ${machine.kernel}, Node ${machine.node}`,
    ...storedLines(report),
    '',
    loadText(`At ${load.offeredPerSecond} pushes a second`, load),
    '',
    ...(highest ? [highestText(highest), ''] : []),
    ...(accept ? [acceptText(accept), ''] : []),
    'Beside it, on the same machine in the same run',
    table([
      ['', 'a second', 'p50 ms', 'p99 ms', 'CPU ms'],
      bare('bare Fastify POST', http),
      bare('bare NATS round trip', nats),
      bare('bare fsynced append', append),
    ]),
    '',
    'In units of these',
    table([
      ['accept p50, of one POST + one round trip + one append', figure(ratios.acceptP50ToFloor)],
      ['end to end p50, of the same', figure(ratios.endToEndP50ToFloor)],
      ['CPU of a push, of a bare POST', figure(ratios.cpuToBarePost)],
      [
        `accepted a second${highest?.load ? ' at the highest rate' : ' at this rate'}, of bare POSTs`,
        figure(ratios.acceptedToBarePosts),
      ],
      ['    of NATS round trips', figure(ratios.acceptedToNatsRoundTrips)],
      ['    of fsynced appends', figure(ratios.acceptedToAppends)],
    ]),
    '',
    ...(comparison ? [comparisonText(comparison), ''] : []),
    ...notes,
  ].join('\n');
}

function storedLines({ stored, memoryAtRestBytes }: HubReport): readonly string[] {
  const rest = `memory at rest ${mebibytes(memoryAtRestBytes)}`;
  if (!stored) return [rest];
  const { pushes, events, people, writeSeconds, catchUpSeconds, startAfterKillMs } = stored;
  return [
    `${pushes} pushes stored before (${events} events, ${people} people) in ${figure(writeSeconds)} s; read models had them after ${figure(catchUpSeconds)} s, ${figure(events / catchUpSeconds)} events/s`,
    `ready ${figure(startAfterKillMs / 1_000)} s after the start that followed a kill -9; ${rest}`,
  ];
}

function highestText({ perSecond, load, tries }: NonNullable<HubReport['highest']>): string {
  return load
    ? loadText(`Highest rate that holds: ${perSecond} pushes a second (${tries.length} tries)`, load)
    : 'No rate held, not even one push a second.';
}

function acceptText({ batch, inFlight, accepted, acceptedPerSecond, requestMs, errors }: AcceptResult): string {
  return [
    `Accepted as fast as it goes: ${figure(acceptedPerSecond)} pushes a second (${accepted} in batches of ${batch}, ${inFlight} under way)`,
    table([
      ['milliseconds', 'p50', 'p95', 'p99', 'max'],
      ['a batch', ...summary(requestMs)],
    ]),
    `  errors ${errorText(errors)}`,
  ].join('\n');
}

function comparisonText({ figures, differences }: Comparison): string {
  return [
    'Beside the earlier run',
    table([
      ['', 'before', 'now', 'ratio'],
      ...figures.map(({ name, before, now, ratio }) => [name, figure(before), figure(now), figure(ratio)]),
    ]),
    ...differences.map((one) => `  not alike: ${one}`),
  ].join('\n');
}

const errorText = (errors: LoadResult['errors']): string =>
  Object.entries(errors)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ') || 'none';

function loadText(title: string, load: MeasuredLoad): string {
  const { cost } = load;
  return [
    title,
    table([
      ['accepted', `${load.accepted} of ${load.offered}`, `${figure(load.acceptedPerSecond)}/s`],
      ['arrived', `${load.endToEndMs.count}`, `${figure(load.arrivedPerSecond)}/s`],
      ['lost, doubled', `${load.lost}, ${load.doubled}`],
      ['errors', errorText(load.errors)],
    ]),
    table([
      ['milliseconds', 'p50', 'p95', 'p99', 'max'],
      ['accept (due → 202)', ...summary(load.acceptMs)],
      ['end to end (due → received by Bark)', ...summary(load.endToEndMs)],
      ['generator late', ...summary(load.generatorLateMs)],
    ]),
    table([
      ['CPU and memory', 'CPU ms a push', 'memory', 'processes'],
      ...cost.parts.filter(({ apart }) => !apart).map(partRow),
      ['all', figure(cost.cpuMsPerPush), mebibytes(cost.parts.reduce((all, { memoryBytes }) => all + memoryBytes, 0))],
      ...cost.parts.filter(({ apart }) => apart).map(partRow),
      ['load generator', figure(cost.generatorCpuMsPerPush)],
    ]),
    table([
      ['CPU by thread', 'CPU ms a push'],
      ...cost.threads.map(({ part, thread, cpuMsPerPush }) => [`${part} ${thread}`, figure(cpuMsPerPush)]),
    ]),
    ...(load.budget
      ? [
          table([
            ['CPU by part of the budget, while profiled', 'CPU ms a push'],
            ...load.budget.map(({ name, cpuMsPerPush }) => [partNames[name], figure(cpuMsPerPush)]),
          ]),
        ]
      : []),
    `  of this machine: hub ${percent(cost.hubShareOfMachine)}, load generator ${percent(cost.generatorShareOfMachine)}`,
  ].join('\n');
}

const processesOf = ({ split, replicas }: HubReport['hub']): string =>
  split ? `a process per service${replicas === undefined ? '' : ` (${replicas})`}` : 'one process';
const partRow = ({ name, cpuMsPerPush, memoryBytes, processes }: PartCost): string[] => [
  name,
  figure(cpuMsPerPush),
  processes === 0 ? 'a thread' : mebibytes(memoryBytes),
  ...(processes === 0 ? [] : [String(processes)]),
];
const summary = ({ p50, p95, p99, max }: MeasuredLoad['acceptMs']): string[] => [p50, p95, p99, max].map(figure);
const bare = (name: string, { perSecond, p50Ms, p99Ms, cpuMsPerCall }: Baseline): string[] => [
  name,
  figure(perSecond),
  figure(p50Ms),
  figure(p99Ms),
  figure(cpuMsPerCall),
];
const percent = (share: number): string => `${Math.round(share * 100)} %`;
