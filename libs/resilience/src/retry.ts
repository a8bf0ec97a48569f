import { BackOff, pause } from './back-off';

/** How long, and after which failures, something is tried again. */
export interface RetryOptions {
  readonly backOff: BackOff;
  /** A `performance.now()` value: no pause goes beyond it, and the try after the last pause is the last. */
  readonly giveUpAtMs: number;
  /** Whether another try may help. */
  readonly isTransient: (error: unknown) => boolean;
}

/** Runs `work` until it succeeds. Throws its failure when another try would not help, or would come too late. */
export async function retry<T>(work: () => Promise<T>, { backOff, giveUpAtMs, isTransient }: RetryOptions): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waitMs = backOff.nextMs();
      if (!isTransient(error) || performance.now() + waitMs >= giveUpAtMs) throw error;
      await pause(waitMs);
    }
  }
}
