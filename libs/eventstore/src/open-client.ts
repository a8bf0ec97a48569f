import { EventStoreDBClient } from '@eventstore/db-client';
import { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { ReadReq as PersistentReq, ReadResp as PersistentResp } from '@eventstore/db-client/generated/persistent_pb';
import { StreamsClient, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';

/**
 * What the client (6.2.1) keeps for its own kind, used as a subclass may use it: channel, discovery, TLS and login stay the
 * client's. Never made: only its methods are borrowed.
 */
abstract class OpenClient extends EventStoreDBClient {
  openAppends(): Promise<ClientDuplexStream<BatchAppendReq, BatchAppendResp>> {
    return this.GRPCStreamCreator(StreamsClient, 'appendToStream', (streams) =>
      streams.batchAppend(...this.callArguments({}, { deadline: Infinity })),
    )();
  }

  openRead(request: ReadReq): Promise<ClientReadableStream<ReadResp>> {
    return this.GRPCStreamCreator(StreamsClient, 'readAll', (streams) =>
      streams.read(request, ...this.callArguments({ requiresLeader: true }, { deadline: Infinity })),
    )();
  }

  openPersistent(): Promise<ClientDuplexStream<PersistentReq, PersistentResp>> {
    return this.GRPCStreamCreator(
      PersistentSubscriptionsClient,
      'subscribeToPersistentSubscriptionToAll',
      (subscriptions) => subscriptions.read(...this.callArguments({}, { deadline: Infinity })),
    )();
  }

  openSubscription(request: ReadReq): Promise<ClientReadableStream<Buffer>> {
    const { path, requestSerialize } = StreamsService.read;
    return this.GRPCStreamCreator(StreamsClient, 'subscribeToAll', (streams) =>
      streams.makeServerStreamRequest(
        path,
        requestSerialize,
        (bytes) => bytes,
        request,
        ...this.callArguments({}, { deadline: Infinity }),
      ),
    )();
  }
}

/** Opens a BatchAppend call (EventStoreDB's streams.proto) that ends with the client. */
export const openAppends = (client: EventStoreDBClient) => OpenClient.prototype.openAppends.call(client as OpenClient);

/** Opens a Read call, for what the client's own methods cannot ask: a filter on a finite read. Answered by the leader. */
export const openRead = (client: EventStoreDBClient, request: ReadReq) =>
  OpenClient.prototype.openRead.call(client as OpenClient, request);

/** Opens a Read call of a persistent subscription (EventStoreDB's persistent.proto); the first request names the group. */
export const openPersistent = (client: EventStoreDBClient) =>
  OpenClient.prototype.openPersistent.call(client as OpenClient);

/** Opens a Read call whose answers come as they are on the wire: for who decodes them more cheaply than the client. */
export const openSubscription = (client: EventStoreDBClient, request: ReadReq) =>
  OpenClient.prototype.openSubscription.call(client as OpenClient, request);
