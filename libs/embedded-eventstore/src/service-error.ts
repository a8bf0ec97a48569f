import { Metadata, status } from '@grpc/grpc-js';

// Together well below the 64 KiB that clients take of headers, percent-encoding included: one that is sent more loses
// its connection, and the client never makes another one.
const detailsCharsMax = 2_048;
const trailerCharsMax = 12_288;

/**
 * A failure as the wire carries it: status, text and trailers. Throw it, hand it to a unary callback or emit it as a
 * call's `error`. The client reads the trailers of its `exception` unguarded, so a missing key would end the process
 * that called; the functions below set every key there is. Names too long for headers are cut.
 */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly details: string;
  readonly metadata: Metadata;

  constructor(
    readonly code: status,
    details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    this.details = details.slice(0, detailsCharsMax).toWellFormed();
    this.metadata = new Metadata();
    for (const [key, value] of Object.entries(trailers)) {
      this.metadata.set(key, ascii(value).slice(0, trailerCharsMax).trimEnd());
    }
  }
}

const unsafeInTrailer = /^ +|[^ -~]+|(?<! ) +$/gu;

/**
 * Trailers hold printable ASCII only, and `Metadata.set` throws on the rest: everything else is percent-encoded. So are
 * blanks at either end, with which a trailer does not arrive.
 */
const ascii = (value: string): string =>
  value.replace(unsafeInTrailer, (part) => {
    let encoded = '';
    for (const byte of Buffer.from(part, 'utf8')) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return encoded;
  });

/** How an expected version is written as a number: any −2, no stream −1, stream exists −4. */
export const expectedNumber = { any: -2n, 'no-stream': -1n, 'stream-exists': -4n } as const;

/** The stream carries a tombstone (or, for `stream_exists`, is soft-deleted). */
export const streamDeleted = (stream: string): StatusError =>
  new StatusError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** Delete and tombstone only: an append answers a wrong version with a message. Both name the operation `Delete`. */
export const wrongExpectedVersion = (stream: string, expected: bigint, actual: bigint): StatusError =>
  new StatusError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );

export const accessDenied = (): StatusError =>
  new StatusError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unauthenticated = (): StatusError => new StatusError(status.UNAUTHENTICATED, 'Unauthenticated');

export const maximumAppendSizeExceeded = (maxBytes: number): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  });

export const requiredMetadataPropertyMissing = (property: string): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** The request contradicts itself or leaves a required choice open. */
export const invalidArgument = (details: string): StatusError => new StatusError(status.INVALID_ARGUMENT, details);

/** What EventStoreDB 24.10 makes of anything its handler did not foresee. */
export const unknownError = (details = 'Exception was thrown by handler.'): StatusError =>
  new StatusError(status.UNKNOWN, details);

/** Starting or stopping: nothing was done, the caller may come again. */
export const notReady = (): StatusError => new StatusError(status.UNAVAILABLE, 'Server Is Not Ready');

/** Ends a long call at an orderly stop; the client takes it as a reason to connect anew. */
export const cancelledByServer = (): StatusError => new StatusError(status.CANCELLED, 'Server Is Shutting Down');

const group = (exception: string, stream: string, name: string, more: Readonly<Record<string, string>> = {}) => ({
  exception: `persistent-subscription-${exception}`,
  'stream-name': stream,
  'group-name': name,
  ...more,
});

/** `name` may be empty: that is how the list of a stream that never had a group is refused. */
export const groupDoesNotExist = (stream: string, name: string): StatusError =>
  new StatusError(
    status.NOT_FOUND,
    `Subscription group ${name} on stream ${stream} does not exist.`,
    group('does-not-exist', stream, name),
  );

export const groupExists = (stream: string, name: string): StatusError =>
  new StatusError(
    status.ALREADY_EXISTS,
    `Subscription group ${name} on stream ${stream} exists.`,
    group('exists', stream, name),
  );

export const groupFailed = (stream: string, name: string, reason: string): StatusError =>
  new StatusError(
    status.INTERNAL,
    `Subscription group ${name} on stream ${stream} failed: '${reason}'`,
    group('failed', stream, name, { reason }),
  );

/** Status CANCELLED, yet no reason to reconnect: the client looks at the trailer first. */
export const groupDropped = (stream: string, name: string): StatusError =>
  new StatusError(
    status.CANCELLED,
    `Subscription group ${name} on stream ${stream} was dropped.`,
    group('dropped', stream, name),
  );

export const groupMaximumSubscribersReached = (stream: string, name: string): StatusError =>
  new StatusError(
    status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${name} on stream ${stream}.`,
    { exception: 'maximum-subscribers-reached', 'stream-name': stream, 'group-name': name },
  );

/** Whatever was thrown, as a status: a `StatusError` as it is, anything else as UNKNOWN without its inner text. */
export const asStatusError = (error: unknown): StatusError => (error instanceof StatusError ? error : unknownError());
