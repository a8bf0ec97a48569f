import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait, and for what: shown when it never came true. */
export interface UntilOptions {
  readonly what: string;
  /** 30 s unless said otherwise. */
  readonly deadlineMs?: number;
}

const deadlineMsDefault = 30_000;
const pauseMs = 10;

/**
 * Asks `condition` again and again until it answers something that counts as true, and returns that. Throws when it does
 * not within the deadline, naming what was waited for; what the condition throws in between counts as "not yet".
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, deadlineMs = deadlineMsDefault }: UntilOptions,
): Promise<NonNullable<T>> {
  let cause: unknown;
  for (const giveUpAt = Date.now() + deadlineMs; ; await pause(pauseMs)) {
    try {
      const seen = await condition();
      if (seen) return seen;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > giveUpAt) throw new Error(`never came true within ${deadlineMs} ms: ${what}`, { cause });
  }
}
