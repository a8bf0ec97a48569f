import { summarise, Summary } from './percentiles';

/** Calls made as fast as they are answered. */
export interface ClosedLoop {
  readonly concurrency: number;
  readonly durationMs: number;
  /** Calls altogether; the loop ends with whichever bound comes first. */
  readonly callsMax: number;
  readonly call: () => Promise<unknown>;
}

export interface ClosedLoopRun {
  readonly calls: number;
  readonly perSecond: number;
  readonly latencyMs: Summary;
}

/** Runs `concurrency` callers, each one call after the other. Rejects with the first failure. */
export async function closedLoop({ concurrency, durationMs, callsMax, call }: ClosedLoop): Promise<ClosedLoopRun> {
  const latencies: number[] = [];
  const began = performance.now();
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < callsMax && performance.now() - began < durationMs) {
      begun += 1;
      const from = performance.now();
      await call();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - began) / 1_000;
  return { calls: latencies.length, perSecond: latencies.length / seconds, latencyMs: summarise(latencies) };
}
