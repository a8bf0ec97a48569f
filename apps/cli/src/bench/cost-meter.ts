import { availableParallelism } from 'node:os';
import { familyUsage, threadUsage, Usage } from './usage';

/** The cost of one part of the hub during a run. */
export interface PartCost {
  readonly name: string;
  readonly processes: number;
  readonly cpuMs: number;
  readonly cpuMsPerPush: number;
  /** At the end of the run. */
  readonly memoryBytes: number;
}

export interface HubCost {
  readonly cpuMsPerPush: number;
  /** Of all the CPU this machine had during the run: hub, and the load generator itself. */
  readonly hubShareOfMachine: number;
  readonly generatorShareOfMachine: number;
  readonly parts: readonly PartCost[];
  /** The threads of the main process, which separate JavaScript, the event store's thread and helpers. */
  readonly mainThreads: readonly { readonly name: string; readonly cpuMsPerPush: number }[];
}

/** Measures CPU from its creation until `per` is called. `pid` is the hub's main process. */
export class CostMeter {
  private readonly before: readonly Usage[];
  private readonly threadsBefore: ReadonlyMap<string, number>;
  private readonly ownBefore = process.cpuUsage();
  private readonly began = performance.now();

  constructor(
    private readonly pid: number,
    private readonly split: boolean,
  ) {
    this.before = this.usage();
    this.threadsBefore = threadUsage(pid);
  }

  /** The cost since then, divided by the number of pushes. */
  per(pushes: number): HubCost {
    const each = Math.max(1, pushes);
    const machineMs = (performance.now() - this.began) * availableParallelism();
    const parts = this.usage().map(({ name, pids, cpuMs, memoryBytes }) => {
      const spent = Math.max(0, cpuMs - (this.before.find((part) => part.name === name)?.cpuMs ?? 0));
      return { name, processes: pids.length, cpuMs: spent, cpuMsPerPush: spent / each, memoryBytes };
    });
    const hubMs = parts.reduce((all, { cpuMs }) => all + cpuMs, 0);
    const own = process.cpuUsage(this.ownBefore);
    const mainThreads = [...threadUsage(this.pid)]
      .map(([name, cpuMs]) => ({ name, cpuMsPerPush: (cpuMs - (this.threadsBefore.get(name) ?? 0)) / each }))
      .filter(({ cpuMsPerPush }) => cpuMsPerPush > 0);
    return {
      cpuMsPerPush: hubMs / each,
      hubShareOfMachine: hubMs / machineMs,
      generatorShareOfMachine: (own.user + own.system) / 1_000 / machineMs,
      parts,
      mainThreads,
    };
  }

  private usage(): readonly Usage[] {
    return familyUsage(this.pid, this.split ? 'stores and sandbox' : 'hub');
  }
}
