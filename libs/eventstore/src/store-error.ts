import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  TimeoutError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';

const grpcUnavailable = 14;

/**
 * Any failure of the client as an error that says what the caller can do. A `HarkError` passes unchanged.
 * `eventstore.unavailable` and `eventstore.timeout` leave the outcome unknown; a repeat with the same event ids and the
 * same expected revision is safe.
 */
export function toHarkError(error: unknown): HarkError {
  if (error instanceof HarkError) return error;
  const cause = { cause: error };
  if (error instanceof WrongExpectedVersionError) {
    return new HarkError('conflict', 'eventstore.lost-race', 'somebody appended first', {}, cause);
  }
  if (error instanceof DeadlineExceededError || error instanceof TimeoutError) {
    return new HarkError('unavailable', 'eventstore.timeout', 'the event store did not answer in time', {}, cause);
  }
  if (isUnreachable(error)) {
    return new HarkError('unavailable', 'eventstore.unavailable', 'the event store cannot be reached', {}, cause);
  }
  if (error instanceof StreamDeletedError) {
    return new HarkError('refused', 'eventstore.stream-deleted', 'the stream has been deleted for ever', {}, cause);
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return new HarkError('invalid', 'eventstore.too-large', 'the events are larger than the store accepts', {}, cause);
  }
  if (error instanceof AccessDeniedError) {
    return new HarkError('unavailable', 'eventstore.denied', 'the event store denies us access', {}, cause);
  }
  const what = error instanceof Error ? error.message : String(error);
  return new HarkError('unavailable', 'eventstore.failed', `the event store failed: ${what}`, {}, cause);
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof UnavailableError || error instanceof CancelledError || error instanceof NotLeaderError)
    return true;
  // When the server is down, the client's first append fails while it asks for the server's features, with a plain
  // Error.
  return error instanceof Error && 'code' in error && error.code === grpcUnavailable;
}
