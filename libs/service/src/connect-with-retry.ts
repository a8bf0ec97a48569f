import { setTimeout as delay } from 'node:timers/promises';
import { HarkError } from '@hark/kernel';

/** How long a service waits at its start for one store to answer. */
export const storeTimeoutMsDefault = 20_000;
const retryMs = 250;

/**
 * Tries to reach a store again and again for `timeoutMs`, as stores may start after their services. Throws `unavailable`
 * `start.unreachable` naming the variable that says where it is; never its value, which may hold a password. A failure
 * that waiting does not mend, by `lasting`, is thrown at once, and a refusal just as it is.
 */
export async function connectWithRetry<T>(
  variable: string,
  timeoutMs: number,
  attempt: () => Promise<T>,
  isPermanent: (error: unknown) => boolean = () => false,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (cause instanceof HarkError && cause.kind === 'refused') throw cause;
      if (isPermanent(cause) || Date.now() + retryMs > giveUpAt) {
        const message = `cannot use the store at ${variable}: ${reasonOf(cause)}`;
        throw new HarkError('unavailable', 'start.unreachable', message, {}, { cause });
      }
      await delay(retryMs);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const code = 'code' in error ? String(error.code) : '';
  return [code, error.message].filter(Boolean).join(' ');
}
