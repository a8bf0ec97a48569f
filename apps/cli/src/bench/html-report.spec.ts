import { barChart, lineChart } from './html-charts';
import { htmlReport } from './html-report';
import type { HubReport } from './hub-bench';

const bare = { perSecond: 8_000, p50Ms: 0.1, p99Ms: 0.5 };
const summary = { count: 200, p50: 5, p95: 9, p99: 12, max: 30 };
const moment = (second: number) => ({
  ...{ second, accepted: 100, arrived: 100, acceptP50Ms: 5, acceptP99Ms: 9, endToEndP50Ms: 20, endToEndP99Ms: 40 },
});
const report: HubReport = {
  at: '2026-01-05T09:00:00.000Z',
  machine: { cpus: 2, cpu: '<b>CPU</b> "x" & y', memoryBytes: 1e9, kernel: '6', node: 'v24' },
  hub: { url: 'http://localhost:3000', own: true, split: false, people: 20 },
  baselines: { http: bare, nats: bare, append: bare },
  memoryAtRestBytes: 3e8,
  warmUp: { seconds: 30, steady: true, helperCpuMsPerPush: [1] },
  load: {
    ...{ offeredPerSecond: 100, offered: 200, accepted: 200, errors: {}, lost: 0, doubled: 0, held: true },
    ...{ acceptedPerSecond: 100, arrivedPerSecond: 100 },
    ...{ acceptMs: summary, endToEndMs: summary, generatorLateMs: summary, timeline: [moment(0), moment(1)] },
    cost: {
      ...{ cpuMsPerPush: 4, generatorCpuMsPerPush: 1, hubShareOfMachine: 0.5, generatorShareOfMachine: 0.1 },
      parts: [
        { name: 'hub', processes: 1, cpuMs: 600, cpuMsPerPush: 3, memoryBytes: 3e8, apart: false },
        { name: 'postgres', processes: 9, cpuMs: 200, cpuMsPerPush: 1, memoryBytes: 1e8, apart: false },
      ],
      threads: [{ part: 'hub', thread: 'MainThread', cpuMsPerPush: 3 }],
    },
    budget: [{ name: 'nats', cpuMsPerPush: 0.7 }],
  },
  comparison: {
    figures: [{ name: 'accept p50 ms', before: 10, now: 5, ratio: 0.5 }],
    differences: ['machine: <script>alert(1)</script> before, 2 × y now'],
  },
  ratios: {
    ...{ acceptP50ToFloor: 1, endToEndP50ToFloor: 1, cpuToBarePost: 1 },
    ...{ acceptedToBarePosts: 1, acceptedToNatsRoundTrips: 1, acceptedToAppends: 1 },
  },
  notes: ['a <note>'],
};

describe('the picture of a run', () => {
  const page = htmlReport(report);

  it('opens without a network: it names no address and runs no script', () => {
    expect(page).not.toMatch(/https?:|\/\/|\bsrc=|\bhref=|url\(|@import|<link|<script/i);
  });

  it('shows latency, percentiles, throughput and CPU, in both languages', () => {
    for (const text of ['Latency over time', '延迟随时间', 'Percentiles', '分位数', 'Throughput', '吞吐量'])
      expect(page).toContain(text);
    for (const text of ['hub MainThread', 'postgres', 'load generator', 'NATS, client and broker', '0.700'])
      expect(page).toContain(text);
  });

  it('escapes whatever it shows', () => {
    expect(page).toContain('&#60;b&#62;CPU&#60;&#47;b&#62;'.replace('&#47;', '/'));
    expect(page).toContain('&#60;script&#62;');
    expect(page).not.toContain('<b>');
    expect(page).toContain('a &#60;note&#62;');
  });

  it('draws a run without an answer, and one of a single second', () => {
    const silent = { ...moment(0), acceptP50Ms: null, acceptP99Ms: null, endToEndP50Ms: null, endToEndP99Ms: null };
    const drawn = htmlReport({ ...report, load: { ...report.load, timeline: [silent] } });
    expect(drawn + lineChart([], []) + barChart([])).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('leaves a gap where nothing was measured', () => {
    const chart = lineChart([0, 1, 2, 3], [{ name: 'x', values: [1, null, 1, 1] }]);
    expect(/ d="([^"]+)"/.exec(chart)?.[1]?.match(/[ML]/g)).toEqual(['M', 'M', 'L']);
  });
});
