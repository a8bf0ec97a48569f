import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { AppendReq } from '@eventstore/db-client/generated/streams_pb';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const cutsPerWay = 25;

/** A gRPC message: not compressed, length, content. */
function framed(message: AppendReq): Buffer {
  const bytes = Buffer.from(message.serializeBinary());
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function beginning(stream: string): Buffer {
  const identifier = new StreamIdentifier().setStreamName(Buffer.from(stream));
  const options = new AppendReq.Options().setStreamIdentifier(identifier).setAny(new Empty());
  const event = new AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID())).setData(Buffer.from('{}'));
  event.getMetadataMap().set('type', 'cut').set('content-type', 'application/json');
  return Buffer.concat([
    framed(new AppendReq().setOptions(options)),
    framed(new AppendReq().setProposedMessage(event)),
    framed(new AppendReq().setProposedMessage(event)),
  ]);
}

const path = '/event_store.client.streams.Streams/Append';
const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };

// Both end the reading half on the server, as the end of a whole append does.
it.each(['its call is reset', 'its connection is cut'])('writes nothing of an append when %s', async (way) => {
  const streams = Array.from({ length: cutsPerWay }, () => newStream('cut'));
  for (const stream of streams) {
    const session = connect(`http://${store.host}`);
    session.on('error', () => undefined);
    await once(session, 'connect');
    const call = session.request(headers);
    call.on('error', () => undefined);
    call.write(beginning(stream));
    // A ping comes back after what was sent before it has been read.
    await new Promise<void>((resolve, reject) => {
      session.ping((error) => (error === null ? resolve() : reject(error)));
    });
    const closed = once(session, 'close');
    // Not `call.close(8)`: that ends the request, and so completes the append, before it resets the call.
    if (way === 'its call is reset') {
      call.destroy(new Error('cut'));
      session.close();
    } else session.destroy();
    await closed;
  }
  await store.client.appendToStream(newStream(), newEvents(1));
  const written = (await collect(store.client.readAll())).map(({ event }) => event?.streamId);
  expect(written.filter((name) => streams.includes(name ?? ''))).toEqual([]);
});
