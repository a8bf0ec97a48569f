import { HarkError } from '@hark/kernel';

/**
 * The promise, or `unavailable` `eventstore.timeout` after `deadlineMs`. The work itself is not stopped.
 * Needed around every append: when the server falls silent the client's promise never settles.
 */
export async function withTimeout<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new HarkError('unavailable', 'eventstore.timeout', `no answer within ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
