import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { AllStreamPosition, Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { uuid7 } from '@hark/kernel';
import { runAsChild } from './child-main';
import { eventData } from './event-data';

// An event store that stores nothing: it accepts every append and invents what is read. Its figures are the most that
// gRPC, protobuf and the client allow, so a real store is measured as a share of them.

const service = 'event_store.client.streams.streams';
const methods = ['append', 'batchappend', 'read'].map((name) =>
  new SupportedMethod().setServiceName(service).setMethodName(name),
);
const data = Buffer.from(JSON.stringify(eventData(0)));
const stream = new StreamIdentifier().setStreamName(Buffer.from('stub-1'));
const ticks = String(BigInt(Date.now()) * 10_000n);

const getSupportedMethods: handleUnaryCall<Empty, SupportedMethods> = (_call, answer) =>
  answer(null, new SupportedMethods().setEventStoreServerVersion('24.10.4').setMethodsList([...methods]));

const batchAppend: handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> = (call) => {
  const streams = new Map<string, StreamIdentifier>();
  let position = 0;
  call.on('data', (message: BatchAppendReq) => {
    const correlationId = message.getCorrelationId();
    const id = correlationId?.getString() ?? '';
    const named = message.getOptions()?.getStreamIdentifier();
    if (named) streams.set(id, named);
    if (!message.getIsFinal()) return;
    const at = String(++position);
    const success = new BatchAppendResp.Success().setCurrentRevision(at);
    success.setPosition(new AllStreamPosition().setCommitPosition(at).setPreparePosition(at));
    call.write(
      new BatchAppendResp().setCorrelationId(correlationId).setStreamIdentifier(streams.get(id)).setSuccess(success),
    );
    streams.delete(id);
  });
  call.on('end', () => call.end());
};

const read: handleServerStreamingCall<ReadReq, ReadResp> = (call) => {
  const count = Number(call.request.getOptions()?.getCount() ?? 0);
  let sent = 0;
  const more = (): void => {
    while (sent < count) if (!call.write(madeUp(sent++))) return void call.once('drain', more);
    call.end();
  };
  more();
};

function madeUp(revision: number): ReadResp {
  const event = new ReadResp.ReadEvent.RecordedEvent();
  event.setId(new UUID().setString(uuid7()));
  event.setStreamIdentifier(stream);
  event.setStreamRevision(String(revision));
  event.setPreparePosition(String(revision));
  event.setCommitPosition(String(revision));
  const properties = event.getMetadataMap();
  properties.set('type', 'bench.happened');
  properties.set('created', ticks);
  properties.set('content-type', 'application/json');
  event.setData(data);
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(revision)));
}

runAsChild(async () => {
  const server = new Server();
  server.addService(ServerFeaturesService, { getSupportedMethods });
  server.addService(StreamsService, { batchAppend, read });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { url: `esdb://127.0.0.1:${port}?tls=false`, close: () => server.forceShutdown() };
});
