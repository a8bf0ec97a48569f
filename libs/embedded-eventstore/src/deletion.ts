import type { AppendOutcome, ExpectedRevision } from './event-log';
import { numberOf, readExpected } from './expected-revision';
import { accessDenied, invalidArgument, streamDeleted, unknownError, wrongExpectedVersion } from './service-error';
import { isStreamName } from './system-streams';

/** The members that the options of `Delete` and of `Tombstone` share. */
interface DeletionOptions {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
  hasRevision(): boolean;
  getRevision(): string;
}

/**
 * Reads what a deletion expects of its stream, runs it, and gives its position as decimal text. Rejects where an append
 * would answer with a message, and for a request that names no stream or expects nothing.
 */
export async function deletion(
  streamId: string,
  options: DeletionOptions | undefined,
  run: (expected: ExpectedRevision) => Promise<AppendOutcome>,
): Promise<string> {
  if (options === undefined) throw invalidArgument('options are missing');
  if (!isStreamName(streamId)) throw unknownError();
  const expected = readExpected(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected === undefined) throw invalidArgument('expected_stream_revision is missing');
  const outcome = await run(expected);
  switch (outcome.is) {
    case 'appended':
      return String(outcome.position);
    case 'wrong-expected-version':
      throw wrongExpectedVersion(streamId, numberOf(outcome.expected), outcome.actual ?? -1n);
    case 'stream-deleted':
      throw streamDeleted(streamId);
    case 'access-denied':
      throw accessDenied();
  }
}
