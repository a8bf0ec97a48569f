import { Machine } from './machine';
import { Summary } from './percentiles';
import { figure, table } from './table';

/** How many appends of one event are under way where many are. */
export const appendsInFlight = 64;

/** The same figure for the store and the stub, and the store's share of the stub's. */
export interface Compared {
  readonly perSecond: number;
  readonly stubPerSecond: number;
  readonly share: number;
}

/** One append at a time, beside the stub's time for it and the disk's time for a durable 4 KiB. */
export interface SingleAppend {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly stubP50Ms: number;
  /** One after the other, and with a pause before each. */
  readonly fsyncP50Ms: number;
  readonly restedFsyncP50Ms: number;
  readonly inFsyncs: number;
}

/** The figures of a store. */
export interface Figures {
  /** Appends of one event at 64 under way. */
  readonly batchAppends: Compared;
  readonly readStream: Compared;
  readonly readAll: Compared;
  readonly singleAppend: SingleAppend;
  /** From an append's answer to the event at a subscriber, at 1 000 appends a second. */
  readonly subscriptionLagMs: Summary;
  /** Of the store's process at the end. */
  readonly memoryBytes: number;
}

/** The same figures of a store that holds many events, and how long it takes to open after a kill. */
export interface Grown {
  readonly events: number;
  readonly writtenPerSecond: number;
  /** Of the store's process when a tenth, a half and all of them were written. */
  readonly memoryBytes: readonly number[];
  readonly figures: Figures;
  readonly openMs: number;
}

/** The result; `grown` when more events were asked for. */
export interface EventStoreReport {
  readonly machine: Machine;
  readonly figures: Figures;
  readonly grown?: Grown;
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
      `  memory of the store after a tenth, a half and all of the events: ${grown.memoryBytes.map(mebibytes).join(', ')} MiB`,
      `  opened in ${figure(grown.openMs)} ms after a kill`,
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
      row(`appends of one event, ${appendsInFlight} under way`, rest.batchAppends),
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
    `  memory of the store ${mebibytes(rest.memoryBytes)} MiB`,
  ].join('\n');
}

/** How each figure changed, as a ratio to the stub or the disk, because the machine changes between the two runs. */
function keptText(before: Figures, after: Figures): string {
  const kept = (name: string, ratio: (figures: Figures) => number) =>
    `${name} ${percent(ratio(after) / ratio(before))}`;
  return `  kept: ${[
    kept('appends', ({ batchAppends }) => batchAppends.share),
    kept('stream', ({ readStream }) => readStream.share),
    kept('$all', ({ readAll }) => readAll.share),
    kept('one append alone', ({ singleAppend }) => 1 / singleAppend.inFsyncs),
  ].join(', ')}`;
}

const mebibytes = (bytes: number): string => figure(bytes / 1_048_576);
/** A share in the form people read. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
