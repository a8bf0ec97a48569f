import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { type AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { handleClientStreamingCall, ServerReadableStream } from '@grpc/grpc-js';
import { streamName } from './codec';
import type { AppendOutcome, ExpectedRevision, NewEvent } from './event-log';
import { readExpected } from './expected-revision';
import { readProposal } from './proposed-event';
import {
  accessDenied,
  asStatusError,
  invalidArgument,
  maximumAppendSizeExceeded,
  requiredMetadataPropertyMissing,
  StatusError,
  streamDeleted,
  unknownError,
} from './service-error';
import type { StoreContext } from './store-context';
import { isStreamName } from './system-streams';

interface Arriving {
  readonly streamId: string;
  readonly expected: ExpectedRevision;
  readonly events: NewEvent[];
  bytes: number;
}

/** `Streams.Append`: one call per append; answered when its events are durable or refused. */
export const append =
  (store: StoreContext): handleClientStreamingCall<AppendReq, AppendResp> =>
  (call, callback) => {
    let arriving: Arriving | undefined;
    let over = false;
    const settle = (answer: () => void): void => {
      if (over) return;
      over = true;
      forget();
      answer();
    };
    const refuse = (error: unknown): void => settle(() => callback(asStatusError(error)));
    const forget = store.calls.add('arriving-append', refuse);
    call.on('data', (message: AppendReq) => {
      if (over) return;
      try {
        if (arriving === undefined) arriving = readOptions(message);
        else addEvent(arriving, message, store.maxAppendBytes);
      } catch (error) {
        refuse(error);
      }
    });
    const complete = (): void => {
      if (over || call.cancelled) return;
      write(store, arriving).then(
        (response) => settle(() => callback(null, response)),
        (error: unknown) => {
          if (!(error instanceof StatusError)) store.onUnexpected(error);
          refuse(error);
        },
      );
    };
    call.on('end', () => {
      if (over) return;
      forget();
      // A client that cancels ends its request first and resets the call right behind it. What arrives together is known
      // as cancelled only some ticks later; it must not be written.
      setImmediate(complete);
    });
    onGone(call, () => settle(() => undefined));
  };

/** A call cut before its end has written nothing. */
const onGone = (call: ServerReadableStream<AppendReq, AppendResp>, listener: () => void): void => {
  call.on('cancelled', listener);
  call.on('error', listener);
};

function readOptions(message: AppendReq): Arriving {
  const options = message.getOptions();
  if (options === undefined) throw unknownError();
  const expected = readExpected(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected === undefined) throw invalidArgument('expected_stream_revision is missing');
  const streamId = streamName(options.getStreamIdentifier());
  if (!isStreamName(streamId)) throw unknownError();
  return { streamId, expected, events: [], bytes: 0 };
}

function addEvent(arriving: Arriving, message: AppendReq, maxAppendBytes: number): void {
  const proposed = message.getProposedMessage();
  if (proposed === undefined) throw unknownError();
  const proposal = readProposal(proposed);
  if (proposal.is === 'property-missing') throw requiredMetadataPropertyMissing(proposal.property);
  if (proposal.is === 'malformed') throw unknownError();
  arriving.bytes += proposal.sizeBytes;
  if (arriving.bytes > maxAppendBytes) throw maximumAppendSizeExceeded(maxAppendBytes);
  arriving.events.push(proposal.event);
}

async function write(store: StoreContext, arriving: Arriving | undefined): Promise<AppendResp> {
  if (arriving === undefined) throw unknownError();
  const { streamId, expected, events } = arriving;
  return response(streamId, await store.log.append(streamId, expected, events));
}

function response(streamId: string, outcome: AppendOutcome): AppendResp {
  switch (outcome.is) {
    case 'appended':
      return new AppendResp().setSuccess(success(outcome));
    case 'wrong-expected-version':
      return new AppendResp().setWrongExpectedVersion(wrongVersion(outcome));
    case 'stream-deleted':
      throw streamDeleted(streamId);
    case 'access-denied':
      throw accessDenied();
  }
}

function success({ revision, position }: Extract<AppendOutcome, { is: 'appended' }>): AppendResp.Success {
  const message = new AppendResp.Success();
  if (revision === undefined) message.setNoStream(new Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new Empty());
  const at = new AppendResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position));
  return message.setPosition(at);
}

/** A message with status OK, unlike every other refusal. */
function wrongVersion({
  expected,
  actual,
}: Extract<AppendOutcome, { is: 'wrong-expected-version' }>): AppendResp.WrongExpectedVersion {
  const message = new AppendResp.WrongExpectedVersion();
  if (actual === undefined) message.setCurrentNoStream(new Empty());
  else message.setCurrentRevision(String(actual));
  switch (expected.is) {
    case 'any':
      return message.setExpectedAny(new Empty());
    case 'no-stream':
      return message.setExpectedNoStream(new Empty());
    case 'stream-exists':
      return message.setExpectedStreamExists(new Empty());
    case 'exact':
      return message.setExpectedRevision(String(expected.revision));
  }
}
