/** Closed in the reverse order of their opening. */
export interface Closable {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/**
 * Closes everything, last opened first, one after the other, within `deadlineMs` in all: past it the rest is told to close
 * but no longer waited for. Never rejects; `report` hears what failed or took too long.
 */
export async function closeAll(
  opened: readonly Closable[],
  deadlineMs: number,
  report: (name: string, problem: unknown) => void,
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  for (const { name, close } of [...opened].reverse()) {
    const closed = (async () => close())().catch((error: unknown) => report(name, error));
    if (!(await within(closed, giveUpAt - Date.now()))) report(name, new Error('took too long to close'));
  }
}

async function within(closed: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms), false)));
  const inTime = await Promise.race([closed.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
