import { EventStoreDBClient } from '@eventstore/db-client';
import {
  PersistentSubscriptionsClient,
  PersistentSubscriptionsService,
} from '@eventstore/db-client/generated/persistent_grpc_pb';
import { ReadReq as PersistentReq } from '@eventstore/db-client/generated/persistent_pb';
import { StreamsClient, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { FramedMessages } from '@hark/framed-messages';
import { AppendAnswer, appendAnswerOf } from './append-messages';

/** Makes an answer of its bytes. When it throws, the call ends with an error. */
type Decode<T> = (bytes: Buffer) => T;

/**
 * What the client (6.2.1) keeps for its own kind, used as a subclass may use it: channel, discovery, TLS and login stay the
 * client's. Never made: only its methods are borrowed.
 */
abstract class OpenClient extends EventStoreDBClient {
  openAppends(): Promise<ClientDuplexStream<FramedMessages, AppendAnswer>> {
    const { path } = StreamsService.batchAppend;
    return this.GRPCStreamCreator(StreamsClient, 'appendToStream', (streams) =>
      streams.makeBidiStreamRequest(
        path,
        // See there for why.
        (messages: FramedMessages) => messages as unknown as Buffer,
        appendAnswerOf,
        ...this.callArguments({}, { deadline: Infinity }),
      ),
    )();
  }

  openRead<T>(request: ReadReq, decode: Decode<T>, requiresLeader: boolean): Promise<ClientReadableStream<T>> {
    const { path, requestSerialize } = StreamsService.read;
    return this.GRPCStreamCreator(StreamsClient, 'readAll', (streams) =>
      streams.makeServerStreamRequest(
        path,
        requestSerialize,
        decode,
        request,
        ...this.callArguments({ requiresLeader }, { deadline: Infinity }),
      ),
    )();
  }

  openPersistent<T>(decode: Decode<T>): Promise<ClientDuplexStream<PersistentReq, T>> {
    const { path, requestSerialize } = PersistentSubscriptionsService.read;
    return this.GRPCStreamCreator(
      PersistentSubscriptionsClient,
      'subscribeToPersistentSubscriptionToAll',
      (subscriptions) =>
        subscriptions.makeBidiStreamRequest(
          path,
          requestSerialize,
          decode,
          ...this.callArguments({}, { deadline: Infinity }),
        ),
    )();
  }
}

/** Opens a BatchAppend call (EventStoreDB's streams.proto) that ends with the client. */
export const openAppends = (client: EventStoreDBClient) => OpenClient.prototype.openAppends.call(client as OpenClient);

/**
 * Opens a Read call (streams.proto), for requests that the client cannot make and for answers that are decoded more cheaply
 * than by it. With `requiresLeader` a follower refuses, so that the answer is not old.
 */
export const openRead = <T>(
  client: EventStoreDBClient,
  request: ReadReq,
  decode: Decode<T>,
  { requiresLeader = false } = {},
): Promise<ClientReadableStream<T>> =>
  OpenClient.prototype.openRead.call(client as OpenClient, request, decode, requiresLeader) as Promise<
    ClientReadableStream<T>
  >;

/** Opens a Read call of a persistent subscription (persistent.proto) likewise; the first request names the group. */
export const openPersistent = <T>(
  client: EventStoreDBClient,
  decode: Decode<T>,
): Promise<ClientDuplexStream<PersistentReq, T>> =>
  OpenClient.prototype.openPersistent.call(client as OpenClient, decode) as Promise<
    ClientDuplexStream<PersistentReq, T>
  >;
