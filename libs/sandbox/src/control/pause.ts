import { setTimeout } from 'node:timers/promises';

/** Waits `ms`, or less when `signal` aborts. Never rejects. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
