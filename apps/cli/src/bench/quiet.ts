import { setTimeout as pause } from 'node:timers/promises';
import { familyUsage } from './usage';

const sampleMs = 500;
/** The share of one CPU below which a hub is idle: pings, polls and timers take less. */
const idleShareMax = 0.1;
/** It gives up after this. */
export const quietDeadlineMs = 30_000;

/**
 * Waits until the process `pid` and its descendants are idle, so that the next run does not pay for what the last one
 * left behind (read models catching up, retries). Gives up after 30 s. Resolves to the time waited.
 */
export async function untilQuiet(pid: number, signal?: AbortSignal): Promise<number> {
  const began = performance.now();
  let before = cpuMs(pid);
  while (performance.now() - began < quietDeadlineMs && !signal?.aborted) {
    const from = performance.now();
    await pause(sampleMs);
    const now = cpuMs(pid);
    if (now - before < (performance.now() - from) * idleShareMax) break;
    before = now;
  }
  return performance.now() - began;
}

const cpuMs = (pid: number): number => familyUsage(pid, '').reduce((all, part) => all + part.cpuMs, 0);
