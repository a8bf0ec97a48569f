import { HarkError } from '@hark/kernel';

/** The error of a copy that is unfinished but intact: run the command again to go on. */
export function interrupted(cause: unknown): HarkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the migration was interrupted (${reason}); run the same command again to go on`;
  return new HarkError('unavailable', 'migrate.interrupted', message, {}, { cause });
}
