/** `$tb` of a soft-deleted stream and the revision of a tombstone event: the largest signed 64-bit integer. */
export const MAX64 = 9223372036854775807n;

/** One event as it stands in the log. */
export interface LogEvent {
  /** Place in the log: strictly increasing, the first is greater than 0. Commit and prepare position at once. */
  readonly position: number;
  readonly streamId: string;
  /** Place in the stream, from 0 without gaps; `MAX64` for a tombstone. */
  readonly revision: bigint;
  /** UUID, lower case with dashes. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly createdMs: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** What can be known of an event without reading its payload. */
export type EventHead = Pick<LogEvent, 'position' | 'streamId' | 'type'>;

/** One page of a filtered read. */
export interface ScannedPage {
  readonly events: LogEvent[];
  /** How many events were looked at; `events` are among them. */
  readonly considered: number;
  /** Position of the last event looked at; the `after` of the request when there was none. */
  readonly upTo: number;
}

export type NewEvent = Pick<LogEvent, 'id' | 'type' | 'isJson' | 'data' | 'metadata'>;

export type ExpectedRevision =
  | { readonly is: 'any' }
  | { readonly is: 'no-stream' }
  | { readonly is: 'stream-exists' }
  | { readonly is: 'exact'; readonly revision: bigint };

/** What an append came to. Only `appended` (also for an idempotent repeat) means that the events are durable. */
export type AppendOutcome =
  | { readonly is: 'appended'; readonly revision: bigint | undefined; readonly position: number | undefined }
  | { readonly is: 'wrong-expected-version'; readonly expected: ExpectedRevision; readonly actual: bigint | undefined }
  | { readonly is: 'stream-deleted' }
  /** Only the store itself fills this stream, or its ACL does not name whoever asked. */
  | { readonly is: 'access-denied' };

/** What a stream read starts from. A reader outside the log sees only what is durable. */
export type StreamState =
  | { readonly is: 'absent' }
  | { readonly is: 'tombstoned' }
  /** `first` is the lowest revision that metadata leaves visible; `softDeleted` when `$tb` is `MAX64`. */
  | {
      readonly is: 'present';
      readonly last: bigint;
      readonly first: bigint;
      readonly softDeleted: boolean;
      readonly maxAgeMs: number | undefined;
    };

/**
 * The log that every operation stands on: one writer, durable before it answers, read by cursors.
 *
 * All reads return at most `limit` events and are synchronous pages over durable rows; a caller that wants more asks
 * again from after the last event it got, and yields to the event loop in between. History and live are the same
 * cursor: read after your position; when a page comes back empty you are live; wait for `onCommitted`, read again.
 */
export interface EventLog {
  /** Decides, writes and fsyncs. Appends that arrive together share an fsync; none resolves before it, refused or not. */
  append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendOutcome>;
  /** Soft delete: one `$metadata` event on `$$<stream>` that hides all there is. `position` is that event's. */
  softDelete(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome>;
  /** Hard delete, for ever: one `$streamDeleted` event on the stream. `position` is that event's. */
  tombstone(streamId: string, expected: ExpectedRevision): Promise<AppendOutcome>;
  /** Position of the last durable event; 0 never occurs because the log opens with a system event. */
  head(): number;
  /** As of the durable head: last revision, tombstone and metadata alike. */
  state(streamId: string): StreamState;
  /** Raw events of a stream with revision >= `from`, ascending. Metadata rules are the caller's. */
  readStreamForwards(streamId: string, from: bigint, limit: number): LogEvent[];
  /** Raw events of a stream with revision <= `from`, descending. */
  readStreamBackwards(streamId: string, from: bigint, limit: number): LogEvent[];
  /** Events with position > `after`, ascending, streams hidden from `$all` left out. */
  readAllForwards(after: number, limit: number): LogEvent[];
  /**
   * As `readAllForwards`, but only what `wanted` picks; also says how many events it considered, hidden ones included,
   * and up to which position. `considered` is 0 only at the head of the log. Pages may hold fewer than `limit` events.
   */
  scanAllForwards(after: number, limit: number, wanted: (event: EventHead) => boolean): ScannedPage;
  /** Events with position < `before`, descending. */
  readAllBackwards(before: number, limit: number): LogEvent[];
  /** Calls back whenever more is durable, with the new head; returns the way to stop. The callback must not throw. */
  onCommitted(listener: (head: number) => void): () => void;
}
