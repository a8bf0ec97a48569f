import { withTimeout } from '@hark/resilience';

/** Closed in the reverse order of their opening. */
export interface Closable {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/**
 * Closes everything one after the other, last opened first, within `deadlineMs` in all; after that the rest is told to
 * close but not awaited. Never rejects; `report` hears what failed or took too long.
 */
export async function closeAll(
  opened: readonly Closable[],
  deadlineMs: number,
  report: (name: string, problem: unknown) => void,
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  for (const { name, close } of [...opened].reverse()) {
    const closed = (async () => close())().catch((error: unknown) => report(name, error));
    await withTimeout(giveUpAt - Date.now(), closed, () => report(name, new Error('took too long to close')));
  }
}
