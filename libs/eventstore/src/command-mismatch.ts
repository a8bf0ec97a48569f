import { HarkError } from '@hark/kernel';

/** The error for a different request under the id of a command that has already run. */
export const commandMismatch = (): HarkError =>
  new HarkError('refused', 'idempotency.mismatch', 'the Idempotency-Key belongs to another request');
