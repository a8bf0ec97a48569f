import { HarkError } from '@hark/kernel';

/** A failure that leaves the copy unfinished but whole: whoever runs the command again goes on from there. */
export function interrupted(cause: unknown): HarkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the migration was interrupted (${reason}); run the same command again to go on`;
  return new HarkError('unavailable', 'migrate.interrupted', message, {}, { cause });
}
