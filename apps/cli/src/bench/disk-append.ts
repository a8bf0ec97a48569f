import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { summarise, Summary } from './percentiles';

const blockBytes = 4_096;
/** Appends are timed one by one, so this bounds the file at 20 MB without changing the latency. */
const appendsMax = 5_000;

export interface DiskAppends {
  readonly perSecond: number;
  readonly latencyMs: Summary;
}

/**
 * The cost of one durable write on the disk of `folder`: 4 KiB appended and `fdatasync`ed, one after the other, or with
 * a pause before each as in a program that writes now and then: an idle disk and processor take longer.
 */
export async function measureAppends(folder: string, durationMs: number, pauseMs = 0): Promise<DiskAppends> {
  const file = join(folder, `bench-${process.pid}.append`);
  const descriptor = openSync(file, 'a', 0o600);
  try {
    const block = Buffer.alloc(blockBytes, 'x');
    const latencies: number[] = [];
    const began = performance.now();
    while (latencies.length < appendsMax && performance.now() - began < durationMs) {
      if (pauseMs > 0) await setTimeout(pauseMs);
      const from = performance.now();
      writeSync(descriptor, block);
      fdatasyncSync(descriptor);
      latencies.push(performance.now() - from);
    }
    return { perSecond: (latencies.length * 1_000) / (performance.now() - began), latencyMs: summarise(latencies) };
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
}
