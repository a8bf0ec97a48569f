import type { EventStoreDBClient, StreamingRead } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { brokenCall } from './append-refusal';
import { isGivenUp } from './connection';

/** The error of a call without an answer. */
export const tooLate = (deadlineMs: number) =>
  new HarkError('unavailable', 'eventstore.timeout', `no answer within ${deadlineMs} ms`);

/**
 * The store's answer, or `unavailable` `eventstore.timeout` after `deadlineMs`. Needed around every call that is not a
 * read: when the server falls silent the promise of the client (6.2.1) never settles.
 */
export const answerWithin = <T>(deadlineMs: number, answer: Promise<T>): Promise<T> =>
  withTimeout(deadlineMs, answer, () => {
    throw tooLate(deadlineMs);
  });

/**
 * Passes every piece of the client's read to `take`, to its end. The client sets no deadline on reads; after this one the
 * read is cancelled. Throws `unavailable` `eventstore.unavailable` when the client was given up meanwhile.
 */
export function readWithin<T>(
  deadlineMs: number,
  client: EventStoreDBClient,
  read: StreamingRead<T>,
  take: (piece: T) => void,
): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    read.on('data', take);
    read.on('end', () => (isGivenUp(client) ? reject(brokenCall(undefined)) : resolve()));
    read.on('error', reject);
  });
  return withTimeout(deadlineMs, ended, () => {
    read.cancel().catch(() => {});
    throw tooLate(deadlineMs);
  });
}
