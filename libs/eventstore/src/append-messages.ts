import { Status } from '@eventstore/db-client/generated/status_pb';
import { BinaryWriter } from 'google-protobuf';
import { HarkError } from '@hark/kernel';
import { refusalOf } from './append-refusal';
import { ProtobufFields } from './protobuf-fields';

/** One event on its way into the log. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  /** JSON. */
  readonly data: Uint8Array;
  /** JSON. */
  readonly metadata: Uint8Array;
}

/** Where an append ended. */
export interface Appended {
  readonly revision: number;
  readonly position: bigint;
}

/** What the store says of the append with this correlation id. */
export interface AppendAnswer {
  readonly id: string;
  readonly outcome: Appended | HarkError;
}

/**
 * All of an append as a `BatchAppendReq` (EventStoreDB's streams.proto, whose numbers stand here), as it goes over the wire. By
 * hand, because the generated code takes several times as long.
 */
export function appendRequest(
  id: string,
  streamId: string,
  expected: number | 'no-stream',
  events: readonly ProposedEvent[],
  deadlineAtMs: number,
): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeMessage(1, id, writeUuid);
  writer.writeMessage(2, writer, () => {
    writer.writeMessage(1, streamId, (_, stream) => stream.writeBytes(3, Buffer.from(streamId)));
    if (expected === 'no-stream') writer.writeMessage(3, writer, () => undefined);
    else writer.writeUint64(2, expected);
    writer.writeMessage(6, writer, () => {
      writer.writeInt64(1, Math.floor(deadlineAtMs / 1_000));
      writer.writeInt32(2, Math.floor(deadlineAtMs % 1_000) * 1_000_000);
    });
  });
  for (const event of events) writer.writeMessage(3, event, writeEvent);
  writer.writeBool(4, true);
  return writer.getResultBuffer();
}

function writeEvent({ id, type, data, metadata }: ProposedEvent, writer: BinaryWriter): void {
  writer.writeMessage(1, id, writeUuid);
  writer.writeMessage(2, type, writeType);
  writer.writeMessage(2, 'application/json', writeContentType);
  if (metadata.length > 0) writer.writeBytes(3, metadata);
  if (data.length > 0) writer.writeBytes(4, data);
}

const writeUuid = (id: string, writer: BinaryWriter): void => writer.writeString(2, id);
const writeType = (type: string, writer: BinaryWriter): void => writeProperty(writer, 'type', type);
const writeContentType = (type: string, writer: BinaryWriter): void => writeProperty(writer, 'content-type', type);

/** An entry of a map. */
function writeProperty(writer: BinaryWriter, key: string, value: string): void {
  writer.writeString(1, key);
  writer.writeString(2, value);
}

/** Decodes a `BatchAppendResp`. */
export function appendAnswerOf(bytes: Buffer): AppendAnswer {
  let id = '';
  let outcome: Appended | HarkError | undefined;
  for (const answer = new ProtobufFields(bytes); answer.next();) {
    if (answer.id === 1) id = textOfUuid(answer.message());
    else if (answer.id === 2) outcome = refusalOf(Status.deserializeBinary(answer.view()));
    else if (answer.id === 3) outcome = appendedOf(answer.message());
  }
  return { id, outcome: outcome ?? refusalOf(undefined) };
}

function textOfUuid(uuid: ProtobufFields): string {
  while (uuid.next()) if (uuid.id === 2) return uuid.text();
  return '';
}

function appendedOf(success: ProtobufFields): Appended {
  let revision = 0;
  let position = 0;
  while (success.next()) {
    if (success.id === 1) revision = success.number;
    else if (success.id === 3) position = commitOf(success.message());
  }
  return { revision, position: BigInt(position) };
}

function commitOf(position: ProtobufFields): number {
  while (position.next()) if (position.id === 1) return position.number;
  return 0;
}
