import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { BinaryWriter } from 'google-protobuf';
import { contentType, createdTicks, type UuidForm, writeUuid } from './codec';
import type { LogEvent } from './event-log';
import { originalOf, type ResolvedEvent } from './links';

/**
 * One event as a reply to `Read`, as it goes over the wire. Written by hand, because the generated code takes five times
 * as long and an event goes to many readers: what is encoded of it is kept for as long as the event is.
 */
export function readEvent(resolved: ResolvedEvent, form: UuidForm): Uint8Array {
  const { event, link } = resolved;
  return reply((writer) => {
    if (event !== undefined) writer.writeBytes(1, recordedEvent(event, form));
    if (link !== undefined) writer.writeBytes(2, recordedEvent(link, form));
    writePosition(writer, originalOf(resolved));
  });
}

/** The same for a reader of a group, to whom the positions of event and link are both those of the original. */
export function groupReadEvent(resolved: ResolvedEvent, form: UuidForm, retryCount: number): Uint8Array {
  const { event, link } = resolved;
  const original = originalOf(resolved);
  return reply((writer) => {
    if (event !== undefined) writer.writeBytes(1, recordedEvent(event, form, original?.position));
    if (link !== undefined) writer.writeBytes(2, recordedEvent(link, form, original?.position));
    writePosition(writer, original);
    writer.writeInt32(5, retryCount);
  });
}

/** `ReadResp` has its event in field 1 in `streams.proto` and in `persistent.proto`. */
function reply(writeEvent: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeMessage(1, writer, (_, nested) => writeEvent(nested));
  return writer.getResultBuffer();
}

function writePosition(writer: BinaryWriter, original: LogEvent | undefined): void {
  if (original === undefined) writer.writeBytes(4, new Empty().serializeBinary());
  else writer.writeUint64(3, original.position);
}

const encoded: Readonly<Record<UuidForm, WeakMap<LogEvent, Uint8Array>>> = {
  string: new WeakMap(),
  structured: new WeakMap(),
};

function recordedEvent(event: LogEvent, form: UuidForm, position: number = event.position): Uint8Array {
  if (position !== event.position) return encode(event, form, position);
  let bytes = encoded[form].get(event);
  if (bytes === undefined) encoded[form].set(event, (bytes = encode(event, form, position)));
  return bytes;
}

/** `RecordedEvent`, which is the same in both files. Data and metadata are the bytes as stored. */
function encode(event: LogEvent, form: UuidForm, position: number): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeBytes(1, writeUuid(event.id, form).serializeBinary());
  writer.writeMessage(2, event, (_, stream) => stream.writeBytes(3, Buffer.from(event.streamId, 'utf8')));
  if (event.revision !== 0n) writer.writeUint64String(3, String(event.revision));
  writer.writeUint64(4, position);
  writer.writeUint64(5, position);
  writeProperty(writer, 'type', event.type);
  writeProperty(writer, 'created', createdTicks(event.createdMs));
  writeProperty(writer, 'content-type', contentType(event.isJson));
  if (event.metadata.length > 0) writer.writeBytes(7, event.metadata);
  if (event.data.length > 0) writer.writeBytes(8, event.data);
  return writer.getResultBuffer();
}

/** An entry of the map in field 6. */
function writeProperty(writer: BinaryWriter, key: string, value: string): void {
  writer.writeMessage(6, value, (_, entry) => {
    entry.writeString(1, key);
    entry.writeString(2, value);
  });
}
