import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { FramedMessages } from '@hark/framed-messages';
import { HarkError } from '@hark/kernel';
import { AppendAnswer, Appended, appendRequest, ProposedEvent } from './append-messages';
import { brokenCall } from './append-refusal';
import { openAppends } from './open-client';
import { tooLate } from './store-deadline';

/**
 * How many appends may wait for their answer on one call; the next fails at once with `unavailable` `eventstore.busy`.
 */
export const appendsInFlightMax = 4_096;
/** How many bytes of events may wait; the next append fails likewise. */
export const appendBytesInFlightMax = 64 * 1_024 * 1_024;

/** How many bytes go out in one write, but for an append that is larger. */
const writeBytesMax = 256 * 1_024;

interface Call {
  readonly stream: ClientDuplexStream<FramedMessages, AppendAnswer>;
  /** What is written at the end of this tick. */
  outgoing: Outgoing[];
}

interface Outgoing {
  readonly id: string;
  readonly request: Uint8Array;
}

interface Waiting {
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
  resolve(appended: Appended): void;
  reject(error: HarkError): void;
}

/**
 * The appends of one client over one BatchAppend call (EventStoreDB's streams.proto): those of one tick share a write, and
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
    this.send({ id, request: appendRequest(id, streamId, expected, events, Date.now() + deadlineMs) });
    return answer;
  }

  private send(outgoing: Outgoing): void {
    this.call ??= this.open();
    this.call.then(
      (call) => {
        call.outgoing.push(outgoing);
        // Behind all that is decided in this tick.
        if (call.outgoing.length === 1) process.nextTick(() => this.write(call));
      },
      (error: unknown) => this.take(outgoing.id)?.reject(brokenCall(error)),
    );
  }

  private write(call: Call): void {
    let requests: Uint8Array[] = [];
    let bytes = 0;
    const flush = () => call.stream.write(new FramedMessages(requests));
    for (const { id, request } of call.outgoing.splice(0)) {
      // An append that timed out while the call was being opened must not be written either.
      if (!this.waiting.has(id)) continue;
      if (requests.length > 0 && bytes + request.length > writeBytesMax) {
        flush();
        [requests, bytes] = [[], 0];
      }
      requests.push(request);
      bytes += request.length;
    }
    if (requests.length > 0) flush();
  }

  private open(): Promise<Call> {
    const opening = openAppends(this.client).then((stream): Call => {
      stream.on('data', (answer: AppendAnswer) => this.answered(answer));
      stream.on('error', (error: Error) => this.broken(opening, brokenCall(error)));
      stream.on('end', () => this.broken(opening, brokenCall(undefined)));
      return { stream, outgoing: [] };
    });
    opening.catch(() => this.forget(opening));
    return opening;
  }

  private answered({ id, outcome }: AppendAnswer): void {
    const waiting = this.take(id);
    if (outcome instanceof HarkError) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
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
