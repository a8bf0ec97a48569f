import { randomUUID } from 'node:crypto';
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { HarkError } from '@hark/kernel';
import { type Run, sizeOf } from './append-runs';
import { comparePositions, type LogPosition, nameOf } from './copied-event';
import { interrupted } from './interrupted';
import { identifier, type StoreConnection } from './store-connection';

const inFlightMax = 64;
const inFlightBytesMax = 4_194_304;
const answerDeadlineMs = 30_000;

interface InFlight {
  readonly run: Run;
  readonly bytes: number;
}

/**
 * Appends to the target, many under way at once, in the order of the calls: one stream of `BatchAppend`, which a server
 * takes in order. Each expects the revision its first event had in the source, so nothing is written twice or in a
 * wrong place. After the first failure nothing more is sent and every call rejects with it.
 */
export class BatchWriter {
  private readonly inFlight = new Map<string, InFlight>();
  private bytes = 0;
  private failure: HarkError | undefined;
  private wake: () => void = () => undefined;
  private last: LogPosition | undefined;

  private constructor(private readonly call: ClientDuplexStream<BatchAppendReq, BatchAppendResp>) {
    call.on('data', (answer: BatchAppendResp) => this.settle(answer));
    call.on('error', (cause) => this.fail(interrupted(cause)));
    call.on('end', () => this.fail(interrupted('the target ended the appends')));
  }

  static async open(target: StoreConnection): Promise<BatchWriter> {
    const streams = await target.streams();
    return new BatchWriter(streams.batchAppend(...target.longCall()));
  }

  /** Position of the latest event that was acknowledged. */
  get lastPosition(): LogPosition | undefined {
    return this.last;
  }

  /** Resolves when there is room to send it. Rejects when this or an earlier append cannot be sent or has failed. */
  async append(run: Run): Promise<void> {
    const bytes = run.reduce((sum, event) => sum + sizeOf(event), 0);
    const hasRoom = () =>
      this.inFlight.size === 0 || (this.inFlight.size < inFlightMax && this.bytes + bytes <= inFlightBytesMax);
    await this.until(hasRoom);
    const id = randomUUID();
    this.inFlight.set(id, { run, bytes });
    this.bytes += bytes;
    this.call.write(requestOf(id, run));
  }

  /** Resolves when everything sent is acknowledged. */
  drained(): Promise<void> {
    return this.until(() => this.inFlight.size === 0);
  }

  close(): void {
    this.failure ??= new HarkError('unavailable', 'migrate.closed', 'the copy has ended');
    this.call.cancel();
  }

  private async until(condition: () => boolean): Promise<void> {
    while (this.failure === undefined && !condition()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      const late = setTimeout(() => this.fail(interrupted('the target does not answer')), answerDeadlineMs);
      await promise;
      clearTimeout(late);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  private settle(answer: BatchAppendResp): void {
    const id = answer.getCorrelationId()?.getString() ?? '';
    const done = this.inFlight.get(id);
    if (done === undefined) return;
    this.inFlight.delete(id);
    this.bytes -= done.bytes;
    const error = answer.getError();
    const position = answer.getSuccess()?.getPosition();
    if (error !== undefined) this.fail(refusal(done.run, error.getMessage()));
    if (position !== undefined) {
      const at = { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) };
      if (this.last === undefined || comparePositions(this.last, at) < 0) this.last = at;
    }
    this.wake();
  }

  private fail(error: HarkError): void {
    this.failure ??= error;
    this.wake();
  }
}

function requestOf(id: string, run: Run): BatchAppendReq {
  const [first] = run;
  const options = new BatchAppendReq.Options()
    .setStreamIdentifier(identifier(first.streamId))
    .setDeadline(Timestamp.fromDate(new Date(Date.now() + answerDeadlineMs)));
  if (first.revision === 0n) options.setNoStream(new Empty());
  else options.setStreamPosition(String(first.revision - 1n));
  return new BatchAppendReq()
    .setCorrelationId(new UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(run.map(proposed))
    .setIsFinal(true);
}

function proposed(event: Run[number]): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(event.id));
  message.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  return message.setData(event.data).setCustomMetadata(event.metadata);
}

function refusal([first]: Run, reason: string): HarkError {
  switch (reason) {
    case 'WrongExpectedVersion':
    case 'StreamDeleted':
      return new HarkError(
        'conflict',
        'migrate.target-changed',
        `${nameOf(first)} has no place in the target: somebody else writes to it`,
      );
    case 'MaximumAppendSizeExceeded':
      return new HarkError(
        'refused',
        'migrate.event-too-large',
        `${nameOf(first)} is larger than the target takes: raise its maximum append size`,
      );
    default:
      return interrupted(`the target answered ${reason}`);
  }
}
