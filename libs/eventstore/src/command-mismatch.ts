import { HarkError } from '@hark/kernel';

/** Another request came under the id of a command that was run before. */
export const commandMismatch = (): HarkError =>
  new HarkError('refused', 'idempotency.mismatch', 'the Idempotency-Key belongs to another request');
