import type { Browser } from 'playwright-core';

/** What pages' main threads did: the longest task, and all of them, in milliseconds of the processor's time. */
export interface MainThread {
  readonly longestMs: number;
  readonly allMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own time: what else the machine does is not in them. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Chromium's own record of tasks (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
const categories = ['toplevel', 'disabled-by-default-devtools.timeline'];
const task = 'RunTask';

/** What the main threads of all pages did while `work` was done, and its result. One at a time. */
export async function onMainThread<T>(browser: Browser, work: () => Promise<T>): Promise<[MainThread, T]> {
  await browser.startTracing(undefined, { categories });
  let trace: Buffer | undefined;
  try {
    const result = await work();
    trace = await browser.stopTracing();
    return [mainThread(trace), result];
  } finally {
    if (!trace) await browser.stopTracing();
  }
}

function mainThread(trace: Buffer): MainThread {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(thread));
  const tasks = traceEvents.filter((event) => event.name === task && mains.has(thread(event)));
  if (tasks.length === 0) throw new Error(`The trace holds no '${task}': Chromium calls it by another name now`);
  const times = tasks.map(({ tdur = 0 }) => tdur / 1_000);
  return { longestMs: Math.max(...times), allMs: times.reduce((sum, ms) => sum + ms, 0) };
}
