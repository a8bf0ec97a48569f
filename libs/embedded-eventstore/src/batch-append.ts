import { StreamIdentifier, type UUID } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import { FramedMessages } from '@hark/framed-messages';
import { batchAnswer, type BatchRefusal } from './batch-append-messages';
import { streamName } from './codec';
import type { AppendOutcome, ExpectedRevision, NewEvent } from './event-log';
import { readExpected } from './expected-revision';
import { readProposal } from './proposed-event';
import { Reply } from './reply';
import type { StoreContext } from './store-context';
import { isStreamName } from './system-streams';

/** What EventStoreDB 24.10 allows an append to take, whatever the client would wait for. */
const writeTimeoutMs = 2_000;

interface Arriving {
  readonly key: string;
  readonly correlationId: UUID;
  readonly stream: StreamIdentifier;
  readonly expected: ExpectedRevision;
  readonly deadlineMs: number;
  readonly events: NewEvent[];
  bytes: number;
  timer?: NodeJS.Timeout;
}

/**
 * `Streams.BatchAppend`: many appends over one stream that stays open. Each correlation id is answered exactly once and
 * a bad append never fails the stream: a surplus answer or an error status would take every other append of that
 * client's process with it. Parts of an append that was already refused are ignored, and so are the options of any but
 * its first part.
 */
export const batchAppend =
  (store: StoreContext): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp | FramedMessages> =>
  (call) => {
    const reply = new Reply<BatchAppendReq, BatchAppendResp | FramedMessages>(call, store.calls);
    const batches = new Batches(store, reply);
    call.on('data', (message: BatchAppendReq) => {
      if (store.calls.stopping) return;
      batches.take(message);
      if (!call.writableNeedDrain) return;
      call.pause();
      void reply.drained().then(() => call.resume());
    });
    reply.signal.addEventListener('abort', () => batches.forget());
    call.on('end', () => void batches.written().then(() => reply.end()));
    call.on('error', (error) => reply.fail(error));
  };

/** The appends of one stream that have begun and are not answered. */
class Batches {
  private readonly arriving = new Map<string, Arriving>();
  private readonly writing = new Set<Promise<void>>();
  private readonly answers: Uint8Array[] = [];

  constructor(
    private readonly store: StoreContext,
    private readonly reply: Reply<BatchAppendReq, BatchAppendResp | FramedMessages>,
  ) {}

  take(message: BatchAppendReq): void {
    const correlationId = message.getCorrelationId();
    if (correlationId === undefined) return;
    const key = keyOf(correlationId);
    const options = message.getOptions();
    const append = this.arriving.get(key) ?? (options && this.begin(key, correlationId, options));
    if (append === undefined) return;
    const refusal = this.addEvents(append, message);
    if (refusal !== undefined) this.settle(append, refusal);
    else if (message.getIsFinal()) this.write(append);
    else this.waitForMore(append);
  }

  /** The client is gone: nobody waits for the answers. */
  forget(): void {
    for (const { timer } of this.arriving.values()) clearTimeout(timer);
    this.arriving.clear();
  }

  async written(): Promise<void> {
    await Promise.all(this.writing);
  }

  private begin(key: string, correlationId: UUID, options: BatchAppendReq.Options): Arriving | undefined {
    const stream = options.getStreamIdentifier() ?? new StreamIdentifier();
    const expected = readExpected(options, options.hasStreamPosition() ? options.getStreamPosition() : undefined);
    const deadlineMs = Math.min(allowedMs(options), writeTimeoutMs);
    const append: Arriving = {
      key,
      correlationId,
      stream,
      expected: expected ?? { is: 'any' },
      deadlineMs,
      events: [],
      bytes: 0,
    };
    const refusal = refusalOf(streamName(stream), expected, deadlineMs);
    if (refusal === undefined) return append;
    this.settle(append, refusal);
    return undefined;
  }

  private addEvents(append: Arriving, message: BatchAppendReq): BatchRefusal | undefined {
    for (const proposed of message.getProposedMessagesList()) {
      const proposal = readProposal(proposed);
      if (proposal.is === 'malformed') return { is: 'bad-request', reason: proposal.reason };
      if (proposal.is === 'property-missing') {
        return { is: 'bad-request', reason: `Required Metadata Property '${proposal.property}' is missing` };
      }
      append.bytes += proposal.sizeBytes;
      if (append.bytes > this.store.maxAppendBytes) return { is: 'too-big', maxBytes: this.store.maxAppendBytes };
      append.events.push(proposal.event);
    }
    return undefined;
  }

  private waitForMore(append: Arriving): void {
    if (append.timer !== undefined) return;
    this.arriving.set(append.key, append);
    append.timer = setTimeout(() => this.settle(append, { is: 'timeout' }), append.deadlineMs);
  }

  private write(append: Arriving): void {
    this.stopWaiting(append);
    const written = this.store.log.append(streamName(append.stream), append.expected, append.events).then(
      (outcome) => this.settle(append, outcome),
      (error: unknown) => {
        this.store.onUnexpected(error);
        this.settle(append, { is: 'unknown' });
      },
    );
    this.writing.add(written);
    void written.then(() => this.writing.delete(written));
  }

  private settle(append: Arriving, outcome: AppendOutcome | BatchRefusal): void {
    this.stopWaiting(append);
    const answer = batchAnswer(outcome, append.stream).setCorrelationId(append.correlationId);
    this.answers.push(answer.serializeBinary());
    // What one commit settles is settled before the next microtask but this one.
    if (this.answers.length === 1) queueMicrotask(() => this.reply.send(new FramedMessages(this.answers.splice(0))));
  }

  private stopWaiting(append: Arriving): void {
    clearTimeout(append.timer);
    if (this.arriving.get(append.key) === append) this.arriving.delete(append.key);
  }
}

const keyOf = (id: UUID): string => {
  const halves = id.getStructured();
  return halves === undefined
    ? id.getString()
    : `${halves.getMostSignificantBits()}:${halves.getLeastSignificantBits()}`;
};

/** Milliseconds until the deadline the client asked for; the client's clock is taken to be ours. */
function allowedMs(options: BatchAppendReq.Options): number {
  const deadline = options.getDeadline();
  if (deadline === undefined) return writeTimeoutMs;
  return deadline.getSeconds() * 1_000 + deadline.getNanos() / 1_000_000 - Date.now();
}

function refusalOf(
  streamId: string,
  expected: ExpectedRevision | undefined,
  deadlineMs: number,
): BatchRefusal | undefined {
  if (expected === undefined) return { is: 'bad-request', reason: 'expected_stream_position is missing' };
  if (!isStreamName(streamId)) return { is: 'bad-request', reason: 'the stream name is not valid' };
  return deadlineMs <= 0 ? { is: 'timeout' } : undefined;
}
