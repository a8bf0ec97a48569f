import { HarkError } from '@hark/kernel';
import { isTransient } from '@hark/resilience';

const retryAfterSeconds = 2;

/**
 * A failure as it may be told: one of a driver that means the database or the network is away, and so likely passes by
 * itself, becomes `unavailable` `database.unavailable`. Everything else stays as it is: what is unknown is a defect.
 */
export function toOutage(error: unknown): unknown {
  if (error instanceof HarkError || !isTransient(error)) return error;
  const detail = { extra: { retryAfter: retryAfterSeconds } };
  return new HarkError('unavailable', 'database.unavailable', 'the database cannot be reached', detail, {
    cause: error,
  });
}
