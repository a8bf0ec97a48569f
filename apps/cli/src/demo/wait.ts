import { BackOff, pause } from '@hark/resilience';
import { Unexpected } from './http';

const firstPauseMs = 5;
const pauseMaxMs = 200;

/**
 * The result of `look` as soon as it is not `undefined`; after `deadlineMs`, which a slow machine needs, throws
 * `Unexpected` with the last thing seen.
 */
export async function seen<T>(what: string, look: () => Promise<T | undefined>, deadlineMs = 30_000): Promise<T> {
  const giveUpAt = performance.now() + deadlineMs;
  const backOff = new BackOff(firstPauseMs, pauseMaxMs);
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const waitMs = backOff.nextMs();
    if (performance.now() + waitMs > giveUpAt)
      throw new Unexpected(what, `nothing of the kind within ${deadlineMs / 1_000} s`);
    await pause(waitMs);
  }
}
