import { availableParallelism } from 'node:os';
import { familyThreads, familyUsage, ThreadUsage, Usage } from './usage';

/** The cost of one part of the hub during a run. */
export interface PartCost {
  readonly name: string;
  readonly processes: number;
  readonly cpuMs: number;
  readonly cpuMsPerPush: number;
  /** At the end of the run; a thread's memory is its process's. */
  readonly memoryBytes: number;
  /** The sandbox: it stands for the providers, so no push costs a hub of production what it costs. Not in the sum. */
  readonly apart: boolean;
}

/** The CPU of the threads of one name in one part. */
export interface ThreadCost {
  readonly part: string;
  readonly thread: string;
  readonly cpuMsPerPush: number;
}

/** What a run cost. */
export interface HubCost {
  /** Every process and thread but the sandbox and the load generator. */
  readonly cpuMsPerPush: number;
  readonly generatorCpuMsPerPush: number;
  /** Of all the CPU this machine had during the run: hub, and the load generator itself. */
  readonly hubShareOfMachine: number;
  readonly generatorShareOfMachine: number;
  readonly parts: readonly PartCost[];
  readonly threads: readonly ThreadCost[];
}

const sandbox = 'sandbox';
/** The name that `hark up` gives the sandbox's thread. */
const sandboxThread = 'hark-sandbox';

/** The name of the hub's main process in a report. */
export const rootNameOf = (split: boolean): string => (split ? 'stores' : 'hub');

/** Measures CPU from its creation until `per` is called. `pid` is the hub's main process. */
export class CostMeter {
  private readonly rootName: string;
  private readonly before: readonly Usage[];
  private readonly threadsBefore: readonly ThreadUsage[];
  private readonly ownBefore = process.cpuUsage();
  private readonly began = performance.now();

  constructor(
    private readonly pid: number,
    split: boolean,
  ) {
    this.rootName = rootNameOf(split);
    this.before = familyUsage(pid, this.rootName);
    this.threadsBefore = familyThreads(pid, this.rootName);
  }

  /** The cost since then, divided by the number of pushes. */
  per(pushes: number): HubCost {
    const each = Math.max(1, pushes);
    const machineMs = (performance.now() - this.began) * availableParallelism();
    const own = process.cpuUsage(this.ownBefore);
    const generatorMs = (own.user + own.system) / 1_000;
    const threads = spentByThreads(this.threadsBefore, familyThreads(this.pid, this.rootName));
    const parts = partCosts(spentByParts(this.before, familyUsage(this.pid, this.rootName)), threads, each);
    const hubMs = parts.reduce((all, { cpuMs, apart }) => (apart ? all : all + cpuMs), 0);
    return {
      cpuMsPerPush: hubMs / each,
      generatorCpuMsPerPush: generatorMs / each,
      hubShareOfMachine: hubMs / machineMs,
      generatorShareOfMachine: generatorMs / machineMs,
      parts,
      threads: threads.map(({ part, thread, cpuMs }) => ({ part, thread, cpuMsPerPush: cpuMs / each })),
    };
  }
}

/** The parts of a run with the sandbox as a part of its own, whether it is a process or a thread. */
export function partCosts(
  parts: readonly Usage[],
  threads: readonly ThreadUsage[],
  pushes: number,
): readonly PartCost[] {
  const costs = parts.map(({ name, pids, cpuMs, memoryBytes }) => {
    const inSandbox = threads.find(({ part, thread }) => part === name && thread === sandboxThread)?.cpuMs ?? 0;
    return {
      own: costOf(name, pids.length, cpuMs - inSandbox, memoryBytes, pushes),
      sandbox: inSandbox > 0 ? [costOf(sandbox, 0, inSandbox, 0, pushes)] : [],
    };
  });
  return [...costs.map(({ own }) => own), ...costs.flatMap((cost) => cost.sandbox)];
}

function costOf(name: string, processes: number, cpuMs: number, memoryBytes: number, pushes: number): PartCost {
  return { name, processes, cpuMs, cpuMsPerPush: cpuMs / pushes, memoryBytes, apart: name === sandbox };
}

const spentByParts = (before: readonly Usage[], after: readonly Usage[]): readonly Usage[] =>
  after.map((part) => {
    const cpuMs = part.cpuMs - (before.find(({ name }) => name === part.name)?.cpuMs ?? 0);
    return { ...part, cpuMs: Math.max(0, cpuMs) };
  });

const spentByThreads = (before: readonly ThreadUsage[], after: readonly ThreadUsage[]): readonly ThreadUsage[] =>
  after
    .map(({ part, thread, cpuMs }) => {
      const earlier = before.find((one) => one.part === part && one.thread === thread);
      return { part, thread, cpuMs: cpuMs - (earlier?.cpuMs ?? 0) };
    })
    .filter(({ cpuMs }) => cpuMs > 0)
    .sort((a, b) => b.cpuMs - a.cpuMs);
