import { HarkError } from '@hark/kernel';
import { BackOff, retry } from '@hark/resilience';

/** How long a service waits at its start for one store to answer. */
export const storeTimeoutMsDefault = 20_000;
const retryMs = 250;

/**
 * Tries to reach a store for `timeoutMs`, because stores may start after their services. Throws `unavailable`
 * `start.unreachable` naming the variable with its address, never the value, which may hold a password. Throws at once
 * a refusal, and a failure that `isPermanent` says waiting does not mend.
 */
export async function connectWithRetry<T>(
  variable: string,
  timeoutMs: number,
  attempt: () => Promise<T>,
  isPermanent: (error: unknown) => boolean = () => false,
): Promise<T> {
  try {
    return await retry(attempt, {
      backOff: new BackOff(retryMs, retryMs),
      giveUpAtMs: performance.now() + timeoutMs,
      isTransient: (error) => !isRefusal(error) && !isPermanent(error),
    });
  } catch (cause) {
    if (isRefusal(cause)) throw cause;
    const message = `cannot use the store at ${variable}: ${reasonOf(cause)}`;
    throw new HarkError('unavailable', 'start.unreachable', message, {}, { cause });
  }
}

const isRefusal = (error: unknown): boolean => error instanceof HarkError && error.kind === 'refused';

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const code = 'code' in error ? String(error.code) : '';
  return [code, error.message].filter(Boolean).join(' ');
}
