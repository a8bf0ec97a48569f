import { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { FramedMessages } from '@hark/framed-messages';
import { readUuid, type UuidForm } from '../codec';
import { groupReadEvent } from '../read-event';
import { asStatusError, groupDropped, groupMaximumSubscribersReached, unknownError } from '../service-error';
import type { NackAction } from './group';
import { keyOf } from './group-config';
import type { Message } from './message';
import { payloadBytes } from './message-queue';
import type { PersistentSubscription } from './persistent-subscription';
import type { PersistentSubscriptions } from './persistent-subscriptions';
import { Reader, type ReaderConnection } from './reader';
import { readerIdentity } from './reader-identity';
import { readGroupName } from './request-settings';

type ReadCall = ServerDuplexStream<ReadReq, ReadResp | FramedMessages>;

/**
 * A reader is given what its slots allow, as on EventStoreDB 24.10, and only past this much unsent is it passed over: who
 * gets an event is up to the strategy, not to how fast connections are.
 */
const unsentBytesMax = 1_048_576;
/** Rather too much than too little, so that very many tiny events end somewhere as well. */
const messageOverheadBytes = 512;

/**
 * A reader of a group. The first message names the group and how many events it may hold; the answer is the
 * confirmation and then events; all further messages are acks and nacks, which are not answered.
 */
export const read =
  (subscriptions: PersistentSubscriptions): handleBidiStreamingCall<ReadReq, ReadResp | FramedMessages> =>
  (call) => {
    let session: Session | undefined;
    let failed = false;
    const end = (): void => session?.end();
    call.on('data', (request: ReadReq) => {
      if (failed) return;
      try {
        if (session === undefined) session = Session.open(call, request, subscriptions);
        else session.answer(request);
      } catch (error) {
        failed = true;
        end();
        call.emit('error', asStatusError(error));
      }
    });
    call.on('end', () => {
      end();
      call.end();
    });
    call.on('cancelled', end);
    call.on('close', end);
    call.on('error', end);
  };

/** One reader's call from its confirmation to its end. */
class Session implements ReaderConnection {
  private readonly reader: Reader;
  private over = false;
  private unsentBytes = 0;
  /** Of the unsent ones, those that have been handed to the call. */
  private writtenBytes = 0;
  private readonly encoded: Uint8Array[] = [];

  private constructor(
    private readonly call: ReadCall,
    private readonly subscription: PersistentSubscription,
    bufferSize: number,
    private readonly uuids: UuidForm,
  ) {
    const { extraStatistics } = subscription.config.settings;
    this.reader = new Reader(readerIdentity(call.metadata), bufferSize, this, extraStatistics);
  }

  /** Throws what the call is to end with. */
  static open(call: ReadCall, request: ReadReq, subscriptions: PersistentSubscriptions): Session {
    const options = request.getOptions();
    if (options === undefined || options.getBufferSize() < 1) throw unknownError();
    const { stream, group } = readGroupName(options);
    const subscription = subscriptions.get(stream, group);
    if (subscription.group.isFull) throw groupMaximumSubscribersReached(stream, group);
    const uuids = options.getUuidOption()?.hasStructured() === true ? 'structured' : 'string';
    const session = new Session(call, subscription, options.getBufferSize(), uuids);
    const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(keyOf(subscription.config));
    call.write(new ReadResp().setSubscriptionConfirmation(confirmation));
    subscription.connect(session.reader);
    return session;
  }

  answer(request: ReadReq): void {
    const ack = request.getAck();
    const nack = request.getNack();
    if (ack !== undefined) this.subscription.ack(this.reader, idsOf(ack.getIdsList()));
    else if (nack !== undefined) {
      const action = actionOf(nack.getAction());
      if (action !== undefined) this.subscription.nack(this.reader, idsOf(nack.getIdsList()), action, nack.getReason());
    } else throw unknownError();
  }

  send(message: Message): void {
    if (this.over) return;
    const bytes = payloadBytes(message) + messageOverheadBytes;
    this.unsentBytes += bytes;
    this.reader.blocked = this.unsentBytes >= unsentBytesMax;
    this.encoded.push(groupReadEvent(message.resolved, this.uuids, message.retryCount));
    // What the group gives out at once goes out at once.
    if (this.encoded.length === 1) queueMicrotask(() => this.flush());
  }

  drop(): void {
    if (this.over) return;
    this.flush();
    this.over = true;
    const { stream, group } = this.subscription.config;
    this.call.emit('error', groupDropped(stream, group));
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.subscription.disconnect(this.reader);
  }

  private flush(): void {
    const encoded = this.encoded.splice(0);
    const bytes = this.unsentBytes - this.writtenBytes;
    if (this.over || encoded.length === 0) return;
    this.writtenBytes += bytes;
    this.call.write(new FramedMessages(encoded), () => this.sent(bytes));
  }

  private sent(bytes: number): void {
    this.writtenBytes -= bytes;
    this.unsentBytes -= bytes;
    if (this.over || !this.reader.blocked || this.unsentBytes >= unsentBytesMax / 2) return;
    this.reader.blocked = false;
    this.subscription.resume();
  }
}

const idsOf = (ids: readonly UUID[]): string[] =>
  ids.map((id) => readUuid(id)).filter((id): id is string => id !== undefined);

/** An action nobody knows is none: the event stays with its reader until it times out. */
function actionOf(action: ReadReq.Nack.Action): NackAction | undefined {
  switch (action) {
    case ReadReq.Nack.Action.UNKNOWN:
    case ReadReq.Nack.Action.RETRY:
      return 'retry';
    case ReadReq.Nack.Action.PARK:
      return 'park';
    case ReadReq.Nack.Action.STOP:
      return 'stop';
    case ReadReq.Nack.Action.SKIP:
      return 'skip';
    default:
      return undefined;
  }
}
