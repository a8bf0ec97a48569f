import { LoadResult } from './push-load';
import { figure, table } from './table';
import type { TroubleReport } from './trouble-bench';

/** The report for people. */
export function troubleText(report: TroubleReport): string {
  const { machine, people, troubled, tries, shortestWaitsMinutes, early, delivered, doubled, p99Ratio } = report;
  const row = (name: string, { endToEndMs, acceptMs, accepted, offered, lost }: LoadResult): string[] => [
    name,
    `${accepted} of ${offered}`,
    String(lost),
    ...[acceptMs.p99, endToEndMs.p50, endToEndMs.p95, endToEndMs.p99, endToEndMs.max].map(figure),
  ];
  return [
    `${people} people, ${troubled} whose providers refuse; one process; ${machine.cpus} × ${machine.cpu}, Linux ${machine.kernel}, Node ${machine.node}`,
    '',
    `The others, at ${report.without.offeredPerSecond} pushes a second`,
    table([
      ['', 'accepted', 'lost', 'accept p99 ms', 'end to end p50', 'p95', 'p99', 'max'],
      row('without the trouble', report.without),
      row('with it', report.with),
    ]),
    `  p99 with it, of that without: ${figure(p99Ratio)}`,
    '',
    `The ${troubled} that were refused, half by a mailbox (451), half by a Bark server (429)`,
    table([
      ['tries at one address before its server relented', `${tries.least} to ${tries.most}`],
      ['shortest waits after the first and second try, min', shortestWaitsMinutes.map(figure).join(', ')],
      ['tries sooner than the schedule (5, 30 min)', String(early)],
      ['delivered when it relented', `${delivered} of ${troubled}`],
      ['delivered more than once', String(doubled)],
    ]),
    '',
    "The load generator runs on the same machine. The hub's own clock was moved on for the second and third try.",
  ].join('\n');
}
