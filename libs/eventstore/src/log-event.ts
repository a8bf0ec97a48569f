import { DomainEvent, IsoTime } from '@hark/kernel';
import { ProtobufFields } from './protobuf-fields';
import { EventMetadata, RecordedEvent } from './recorded-event';
import { parseStreamName } from './stream-name';

/** An event on its way to many readers: its JSON is parsed when the first of them reads it, and once for all. */
export class LogEvent {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  /** Its place in its stream. */
  readonly revision: number;
  readonly position: bigint;
  /** When it was appended, in milliseconds since 1970. */
  readonly createdMs: number;
  private wire: WireEvent | undefined;
  private recorded: RecordedEvent | undefined;

  constructor(wire: WireEvent) {
    ({ category: this.category, id: this.id } = parseStreamName(wire.streamId));
    this.type = wire.type;
    this.revision = wire.revision;
    this.position = wire.position;
    this.createdMs = wire.createdMs;
    this.wire = wire;
  }

  /** The event; undefined when it is not ours: a link, a tombstone, bytes that are not JSON. */
  read(): RecordedEvent | undefined {
    const data = this.wire?.isJson ? objectIn(this.wire.data) : undefined;
    if (this.wire && data) this.recorded = new LogRecord({ type: this.type, data }, this, this.wire);
    this.wire = undefined;
    return this.recorded;
  }
}

/** As a `RecordedEvent`. What few ask for is made when they do. */
class LogRecord implements RecordedEvent {
  readonly category: string;
  readonly id: string;
  readonly streamId: string;
  readonly eventId: string;
  readonly revision: number;
  readonly position: bigint;
  private readonly createdMs: number;
  private readonly json: Buffer;

  constructor(
    readonly event: DomainEvent,
    { category, id }: LogEvent,
    wire: WireEvent,
  ) {
    this.category = category;
    this.id = id;
    this.streamId = wire.streamId;
    this.eventId = wire.eventId;
    this.revision = wire.revision;
    this.position = wire.position;
    this.createdMs = wire.createdMs;
    this.json = wire.metadata;
  }

  get recordedAt(): IsoTime {
    return new Date(this.createdMs).toISOString();
  }

  get metadata(): EventMetadata {
    return objectIn(this.json) ?? {};
  }
}

/** What a message of a read says: the next event, that the log's end is reached, or what only the client needs. */
export type LogMessage = LogEvent | 'caught-up' | 'other';

/** An event that a persistent subscription handed over, to be acknowledged or refused by its `eventId`. */
export interface Delivered {
  readonly eventId: string;
  /** Undefined for an event that is not ours: a link that leads nowhere, bytes that are not JSON. */
  readonly recorded: RecordedEvent | undefined;
  /** How often it was handed over before and refused. */
  readonly retryCount: number;
}

interface WireEvent {
  streamId: string;
  eventId: string;
  type: string;
  isJson: boolean;
  revision: number;
  position: bigint;
  createdMs: number;
  data: Buffer;
  metadata: Buffer;
}

/** Decodes a `ReadResp` (EventStoreDB's streams.proto), whose numbers stand here. */
export function logMessageOf(bytes: Buffer): LogMessage {
  const message = new ProtobufFields(bytes);
  while (message.next()) {
    if (message.id === 8) return 'caught-up';
    if (message.id !== 1) continue;
    for (const read = message.message(); read.next();) {
      if (read.id === 1) return new LogEvent(wireEventOf(read.message()));
    }
  }
  return 'other';
}

/** Decodes a `ReadResp` of a persistent subscription (EventStoreDB's persistent.proto), whose numbers stand here. */
export function deliveredOf(bytes: Buffer): Delivered | 'confirmation' | 'other' {
  const message = new ProtobufFields(bytes);
  while (message.next()) {
    if (message.id === 2) return 'confirmation';
    if (message.id !== 1) continue;
    let [event, link, retryCount]: [WireEvent?, WireEvent?, number?] = [];
    for (const read = message.message(); read.next();) {
      if (read.id === 1) event = wireEventOf(read.message());
      else if (read.id === 2) link = wireEventOf(read.message());
      else if (read.id === 5) retryCount = read.number;
    }
    const { eventId } = link ?? event ?? { eventId: '' };
    return { eventId, recorded: event && new LogEvent(event).read(), retryCount: retryCount ?? 0 };
  }
  return 'other';
}

function wireEventOf(event: ProtobufFields): WireEvent {
  const wire = { streamId: '', eventId: '', type: '', isJson: false, revision: 0, position: 0n, createdMs: 0 };
  let data: Buffer = nothing;
  let metadata: Buffer = nothing;
  while (event.next()) {
    switch (event.id) {
      case 1:
        wire.eventId = textIn(event.message(), 2);
        break;
      case 2:
        wire.streamId = textIn(event.message(), 3);
        break;
      case 3:
        wire.revision = event.number;
        break;
      case 5:
        wire.position = BigInt(event.number);
        break;
      case 6:
        readProperty(event.message(), wire);
        break;
      case 7:
        metadata = event.view();
        break;
      case 8:
        data = event.view();
        break;
    }
  }
  return { ...wire, data, metadata };
}

const nothing = Buffer.alloc(0);

function readProperty(entry: ProtobufFields, wire: { type: string; isJson: boolean; createdMs: number }): void {
  let name = '';
  let value = '';
  while (entry.next()) {
    if (entry.id === 1) name = entry.text();
    else if (entry.id === 2) value = entry.text();
  }
  if (name === 'type') wire.type = value;
  else if (name === 'content-type') wire.isJson = value === 'application/json';
  // In ticks of 100 ns, more than a number holds exactly: without the last four digits these are milliseconds.
  else if (name === 'created') wire.createdMs = Number(value.slice(0, -4));
}

function textIn(message: ProtobufFields, id: number): string {
  while (message.next()) if (message.id === id) return message.text();
  return '';
}

function objectIn(json: Buffer): object | undefined {
  if (json.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(json.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
