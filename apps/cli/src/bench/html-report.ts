import { Bar, barChart, escaped, lineChart } from './html-charts';
import type { HubReport } from './hub-bench';
import { partNames } from './profile-parts';
import { figure, mebibytes } from './table';

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 64em; padding: 0 1em; color: #222; background: #fff }
  h1 { font-size: 1.4em } h2 { font-size: 1.1em; margin: 2em 0 .3em } small, .muted { color: #666 }
  table { border-collapse: collapse } td, th { padding: .15em .8em; text-align: right } td:first-child, th:first-child { text-align: left; padding-left: 0 }
  svg { width: 100%; height: auto; display: block } svg text { font: 12px system-ui, sans-serif; fill: #444 }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } svg text { fill: #bbb } small, .muted { color: #999 } }`;

/** The report as one page in both languages that opens anywhere: it loads nothing and runs nothing. */
export function htmlReport(report: HubReport): string {
  const { load, machine, hub, at } = report;
  const where = `${machine.cpus} × ${machine.cpu}, ${mebibytes(machine.memoryBytes)}, Linux ${machine.kernel}, Node ${machine.node}`;
  const what = [
    `${load.offeredPerSecond}/s`,
    hub.split ? 'a process per service 每个服务一个进程' : 'one process 单进程',
    `${hub.people} people 接收人`,
    ...(hub.batch === undefined ? [] : [`${hub.batch} a request 每请求条数`]),
    ...(report.stored ? [`${report.stored.pushes} stored before 预存推送`] : []),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hark bench</title>
<style>${style}</style>
<h1>hark bench <small>${escaped(at)}</small></h1>
<p>${escaped(what.join(' · '))}<br><small>${escaped(where)}</small></p>
${section('Figures', '主要指标', figuresTable(report))}
${section('Latency over time, ms', '延迟随时间变化（毫秒）', latencies(report))}
${section('Percentiles, ms', '延迟分位数（毫秒）', percentiles(report))}
${section('Throughput, pushes a second', '吞吐量（条/秒）', throughput(report))}
${section('CPU of a push by process and thread, ms', '每条推送的 CPU 时间，按进程与线程（毫秒）', barChart(threadBars(report)))}
${load.budget ? section('CPU of a push by part, ms', '每条推送的 CPU 时间，按部分（毫秒）', barChart(load.budget.map(({ name, cpuMsPerPush }) => ({ name: partNames[name], value: cpuMsPerPush })))) : ''}
${report.comparison ? section('Beside the earlier run', '与此前一次运行对比', comparisonTable(report.comparison)) : ''}
${report.notes.map((note) => `<p class="muted">${escaped(note)}</p>`).join('\n')}
</html>
`;
}

const section = (english: string, chinese: string, body: string): string =>
  `<h2>${escaped(english)} <small lang="zh">${escaped(chinese)}</small></h2>\n${body}`;

const rows = (cells: readonly (readonly string[])[]): string =>
  `<table>${cells.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n')}</table>`;

function figuresTable({ load, highest, accept, stored, memoryAtRestBytes }: HubReport): string {
  return rows([
    ['accepted 已接受', `${load.accepted} / ${load.offered}`],
    ['arrived 已送达', String(load.endToEndMs.count)],
    ['lost, doubled 丢失、重复', `${load.lost}, ${load.doubled}`],
    ['CPU ms a push 每条推送', figure(load.cost.cpuMsPerPush)],
    ['memory at rest 空闲内存', mebibytes(memoryAtRestBytes)],
    ...(highest ? [['highest rate that holds 可稳定承受的最高速率', `${highest.perSecond}/s`]] : []),
    ...(accept ? [['accepted in batches 批量接受', `${figure(accept.acceptedPerSecond)}/s`]] : []),
    ...(stored ? [['ready after kill -9 强制终止后就绪', `${figure(stored.startAfterKillMs / 1_000)} s`]] : []),
  ]);
}

function latencies({ load: { timeline } }: HubReport): string {
  const at = timeline.map(({ second }) => second);
  return lineChart(at, [
    { name: 'accept p50', values: timeline.map(({ acceptP50Ms }) => acceptP50Ms) },
    { name: 'accept p99', values: timeline.map(({ acceptP99Ms }) => acceptP99Ms) },
    { name: 'Bark p50', values: timeline.map(({ endToEndP50Ms }) => endToEndP50Ms) },
    { name: 'Bark p99', values: timeline.map(({ endToEndP99Ms }) => endToEndP99Ms) },
  ]);
}

function percentiles({ load: { acceptMs, endToEndMs } }: HubReport): string {
  const bars = (name: string, { p50, p95, p99, max }: typeof acceptMs): Bar[] =>
    Object.entries({ p50, p95, p99, max }).map(([which, value]) => ({ name: `${name} ${which}`, value: value ?? 0 }));
  return barChart([...bars('accept 接受', acceptMs), ...bars('Bark 送达', endToEndMs)]);
}

function throughput({ load: { timeline } }: HubReport): string {
  return lineChart(
    timeline.map(({ second }) => second),
    [
      { name: 'accepted', values: timeline.map(({ accepted }) => accepted) },
      { name: 'of these arrived', values: timeline.map(({ arrived }) => arrived) },
    ],
  );
}

function threadBars({ load: { cost } }: HubReport): Bar[] {
  const threaded = new Set(cost.threads.map(({ part }) => part));
  return [
    ...cost.threads.map(({ part, thread, cpuMsPerPush }) => ({ name: `${part} ${thread}`, value: cpuMsPerPush })),
    ...cost.parts
      .filter(({ name, processes }) => processes > 0 && !threaded.has(name))
      .map(({ name, cpuMsPerPush }) => ({ name, value: cpuMsPerPush })),
    { name: 'load generator 负载发生器', value: cost.generatorCpuMsPerPush },
  ];
}

function comparisonTable({ figures, differences }: NonNullable<HubReport['comparison']>): string {
  const table = rows([
    ['', 'before 之前', 'now 现在', 'ratio 比值'],
    ...figures.map(({ name, before, now, ratio }) => [name, figure(before), figure(now), figure(ratio)]),
  ]);
  return table + differences.map((one) => `<p class="muted">not alike 条件不同：${escaped(one)}</p>`).join('');
}
