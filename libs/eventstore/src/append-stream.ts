import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { HarkError } from '@hark/kernel';
import { brokenCall, refusalOf } from './append-refusal';
import { openAppends } from './open-client';
import { tooLate } from './store-deadline';

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

/**
 * How many appends may wait for their answer on one call; the next fails at once with `unavailable` `eventstore.busy`.
 */
export const appendsInFlightMax = 4_096;
/** How many bytes of events may wait; the next append fails likewise. */
export const appendBytesInFlightMax = 64 * 1_024 * 1_024;

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

interface Waiting {
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
  resolve(appended: Appended): void;
  reject(error: HarkError): void;
}

/**
 * The appends of one client over one BatchAppend call (EventStoreDB's streams.proto): many share its frames, and
 * appends that arrive together share a commit of the store. The client (6.2.1) does the same, but keeps waiting appends
 * in one table for all clients of a process, where an error of one rejects the appends of all, and a late answer throws
 * where nobody can catch it.
 *
 * Here each call has its own table, and an answer that nobody waits for is dropped. When the call breaks, every waiting
 * append is `unavailable`: its outcome is unknown, and repeating the same append finds its own events. The next append
 * opens a new call.
 */
export class AppendStream {
  private readonly waiting = new Map<string, Waiting>();
  private bytes = 0;
  private call: Promise<Call> | undefined;

  constructor(private readonly client: EventStoreDBClient) {}

  /**
   * Appends all of `events` or none. Throws the store's refusal as a `HarkError`; `unavailable` `eventstore.timeout`
   * without an answer within `deadlineMs`, and `eventstore.unavailable` when the call broke: in both cases the outcome
   * is unknown.
   */
  async append(
    streamId: string,
    expected: number | 'no-stream',
    events: readonly ProposedEvent[],
    deadlineMs: number,
  ): Promise<Appended> {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (this.waiting.size >= appendsInFlightMax || this.bytes + bytes > appendBytesInFlightMax) {
      throw new HarkError('unavailable', 'eventstore.busy', 'too many appends wait for the event store');
    }
    const id = randomUUID();
    const answer = new Promise<Appended>((resolve, reject) => {
      const timer = setTimeout(() => this.take(id)?.reject(tooLate(deadlineMs)), deadlineMs);
      this.waiting.set(id, { bytes, timer, resolve, reject });
    });
    this.bytes += bytes;
    this.send(id, requestOf(id, streamId, expected, events, deadlineMs));
    return answer;
  }

  private send(id: string, request: BatchAppendReq): void {
    this.call ??= this.open();
    this.call.then(
      (call) => {
        // An append that timed out while the call was being opened must not be written either.
        if (this.waiting.has(id)) call.write(request);
      },
      (error: unknown) => this.take(id)?.reject(brokenCall(error)),
    );
  }

  private open(): Promise<Call> {
    const opening = openAppends(this.client).then((call) => {
      call.on('data', (response: BatchAppendResp) => this.answered(response));
      call.on('error', (error: Error) => this.broken(opening, brokenCall(error)));
      call.on('end', () => this.broken(opening, brokenCall(undefined)));
      return call;
    });
    opening.catch(() => this.forget(opening));
    return opening;
  }

  private answered(response: BatchAppendResp): void {
    const waiting = this.take(response.getCorrelationId()?.getString() ?? '');
    if (!waiting) return;
    const success = response.getSuccess();
    if (!success) return waiting.reject(refusalOf(response.getError()));
    waiting.resolve({
      revision: Number(success.getCurrentRevision()),
      position: BigInt(success.getPosition()?.getCommitPosition() ?? '0'),
    });
  }

  private broken(opening: Promise<Call>, error: HarkError): void {
    if (!this.forget(opening)) return;
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(error);
  }

  private forget(opening: Promise<Call>): boolean {
    if (this.call !== opening) return false;
    this.call = undefined;
    return true;
  }

  private take(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (!waiting) return undefined;
    this.waiting.delete(id);
    this.bytes -= waiting.bytes;
    clearTimeout(waiting.timer);
    return waiting;
  }
}

function requestOf(
  id: string,
  streamId: string,
  expected: number | 'no-stream',
  events: readonly ProposedEvent[],
  deadlineMs: number,
): BatchAppendReq {
  const options = new BatchAppendReq.Options()
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamId)))
    .setDeadline(Timestamp.fromDate(new Date(Date.now() + deadlineMs)));
  if (expected === 'no-stream') options.setNoStream(new Empty());
  else options.setStreamPosition(String(expected));
  return new BatchAppendReq()
    .setCorrelationId(new UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(events.map(messageOf))
    .setIsFinal(true);
}

function messageOf({ id, type, data, metadata }: ProposedEvent): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage()
    .setId(new UUID().setString(id))
    .setData(data)
    .setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
}
