import { HarkError } from '@hark/kernel';
import { isTransient } from '@hark/resilience';

const retryAfterSeconds = 2;

/**
 * Translates a driver's error that means the database or the network is away into `unavailable` `database.unavailable`.
 * Every other error stays as it is: it is a defect.
 */
export function toOutage(error: unknown): unknown {
  if (error instanceof HarkError || !isTransient(error)) return error;
  const detail = { extra: { retryAfter: retryAfterSeconds } };
  return new HarkError('unavailable', 'database.unavailable', 'the database cannot be reached', detail, {
    cause: error,
  });
}
