import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { BinaryReader } from 'google-protobuf';
import { Duration } from 'google-protobuf/google/protobuf/duration_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';

const optionsField = 2;
const durationField = 7;

/**
 * A `BatchAppendReq` from the wire. Its deadline comes in two forms: a time, and a duration from now on, which the
 * generated code does not know. Whichever was sent, the message given back has the time. Throws on bytes that are none.
 */
export function readBatchAppend(bytes: Uint8Array): BatchAppendReq {
  const request = BatchAppendReq.deserializeBinary(bytes);
  const options = request.getOptions();
  if (options === undefined || options.hasDeadline()) return request;
  const duration = lastBytesOf(lastBytesOf(bytes, optionsField), durationField);
  if (duration !== undefined) options.setDeadline(fromNow(Duration.deserializeBinary(duration)));
  return request;
}

/** The content of a field of length-delimited kind; the last one when it is repeated. */
function lastBytesOf(message: Uint8Array | undefined, field: number): Uint8Array | undefined {
  if (message === undefined) return undefined;
  const reader = new BinaryReader(message);
  let found: Uint8Array | undefined;
  while (reader.nextField() && !reader.isEndGroup()) {
    if (reader.getFieldNumber() === field) found = reader.readBytes();
    else reader.skipField();
  }
  return found;
}

function fromNow(duration: Duration): Timestamp {
  const now = Timestamp.fromDate(new Date());
  return now.setSeconds(now.getSeconds() + duration.getSeconds()).setNanos(now.getNanos() + duration.getNanos());
}
