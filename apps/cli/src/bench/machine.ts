import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';

/** The machine a figure was measured on; without it the figure means nothing. */
export interface Machine {
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
}

export const describeMachine = (): Machine => ({
  cpus: availableParallelism(),
  cpu: cpus()[0]?.model.trim() || arch(),
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
});
