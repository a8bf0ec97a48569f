import {
  AccessDenied,
  AllStreamPosition,
  BadRequest,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  type StreamIdentifier,
  Timeout,
  Unknown,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { AppendOutcome } from './event-log';

/** Why a batch append was not written, beside what the log itself answers. */
export type BatchRefusal =
  | { readonly is: 'timeout' }
  | { readonly is: 'too-big'; readonly maxBytes: number }
  | { readonly is: 'bad-request'; readonly reason: string }
  | { readonly is: 'unknown' };

interface Packable {
  serializeBinary(): Uint8Array;
}

/**
 * The answer to one batch append, without its correlation id. A failure always names its details and its stream: a
 * client that misses either stops answering anybody.
 */
export function batchAnswer(outcome: AppendOutcome | BatchRefusal, stream: StreamIdentifier): BatchAppendResp {
  const response = new BatchAppendResp().setStreamIdentifier(stream);
  return outcome.is === 'appended'
    ? response.setSuccess(success(outcome))
    : response.setError(failure(outcome, stream));
}

function success({ revision, position }: Extract<AppendOutcome, { is: 'appended' }>): BatchAppendResp.Success {
  const message = new BatchAppendResp.Success();
  if (revision === undefined) message.setNoStream(new Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new Empty());
  const at = new AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
  return message.setPosition(at);
}

function failure(outcome: Exclude<AppendOutcome | BatchRefusal, { is: 'appended' }>, stream: StreamIdentifier): Status {
  switch (outcome.is) {
    case 'wrong-expected-version':
      return status(6, 'WrongExpectedVersion', wrongVersion(outcome));
    case 'stream-deleted':
      return status(5, 'StreamDeleted', new StreamDeleted().setStreamIdentifier(stream));
    case 'access-denied':
      return status(7, 'AccessDenied', new AccessDenied());
    case 'timeout':
      return status(4, 'Timeout', new Timeout());
    case 'too-big':
      return status(3, 'MaximumAppendSizeExceeded', new MaximumAppendSizeExceeded().setMaxappendsize(outcome.maxBytes));
    case 'bad-request':
      return status(3, 'BadRequest', new BadRequest().setMessage(outcome.reason));
    case 'unknown':
      return status(2, 'Unknown', new Unknown());
  }
}

function status(code: number, name: string, details: Packable): Status {
  const packed = new Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new Status().setCode(code).setMessage(name).setDetails(packed);
}

function wrongVersion({
  expected,
  actual,
}: Extract<AppendOutcome, { is: 'wrong-expected-version' }>): WrongExpectedVersion {
  const message = new WrongExpectedVersion();
  if (actual === undefined) message.setCurrentNoStream(new Empty());
  else message.setCurrentStreamRevision(String(actual));
  switch (expected.is) {
    case 'any':
      return message.setExpectedAny(new Empty());
    case 'no-stream':
      return message.setExpectedNoStream(new Empty());
    case 'stream-exists':
      return message.setExpectedStreamExists(new Empty());
    case 'exact':
      return message.setExpectedStreamPosition(String(expected.revision));
  }
}
