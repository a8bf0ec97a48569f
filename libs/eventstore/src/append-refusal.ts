import { Status } from '@eventstore/db-client/generated/status_pb';
import { status } from '@grpc/grpc-js';
import { HarkError } from '@hark/kernel';

/**
 * A failed BatchAppend as an error that says what the caller can do, by the name of its details (EventStoreDB's
 * shared.proto).
 */
export function refusalOf(error: Status | undefined): HarkError {
  const name = error?.getDetails()?.getTypeName().split('.').at(-1) ?? '';
  switch (name) {
    case 'WrongExpectedVersion':
      return new HarkError('conflict', 'eventstore.lost-race', 'somebody appended first');
    case 'StreamDeleted':
      return new HarkError('refused', 'eventstore.stream-deleted', 'the stream has been deleted for ever');
    case 'MaximumAppendSizeExceeded':
      return new HarkError('invalid', 'eventstore.too-large', 'the events are larger than the store accepts');
    case 'AccessDenied':
      return new HarkError('unavailable', 'eventstore.denied', 'the event store denies us access');
    case 'Timeout':
      return new HarkError('unavailable', 'eventstore.timeout', 'the event store did not answer in time');
    default:
      return new HarkError(
        'unavailable',
        'eventstore.failed',
        `the event store failed: ${name || (error?.getMessage() ?? 'no reason given')}`,
      );
  }
}

/**
 * The error for appends that wait when their call ends: unknown outcome, unless the log-in failed. `undefined`: we
 * ended it.
 */
export function brokenCall(error: unknown): HarkError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const cause = { cause: error };
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    return new HarkError('unavailable', 'eventstore.denied', 'the event store denies us access', {}, cause);
  }
  return new HarkError('unavailable', 'eventstore.unavailable', 'the event store cannot be reached', {}, cause);
}
