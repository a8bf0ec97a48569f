import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { handleServerStreamingCall } from '@grpc/grpc-js';
import type { FramedMessages } from '@hark/framed-messages';
import { readAll } from './read-all';
import type { ReadReply } from './read-reply';
import { parseReadRequest } from './read-request';
import { readStream } from './read-stream';
import { Reply } from './reply';
import { StatusError } from './service-error';
import type { StoreContext } from './store-context';
import { subscribeToAll } from './subscribe-to-all';
import { subscribeToStream } from './subscribe-to-stream';

/** `Streams.Read`: finite reads and subscriptions of a stream or of `$all`. */
export const read =
  (store: StoreContext): handleServerStreamingCall<ReadReq, ReadResp | FramedMessages> =>
  (call) => {
    const reply: ReadReply = new Reply(call, store.calls);
    answer(store, call.request, reply).catch((error: unknown) => {
      if (!(error instanceof StatusError)) store.onUnexpected(error);
      reply.fail(error);
    });
  };

async function answer(store: StoreContext, message: ReadReq, reply: ReadReply): Promise<void> {
  const request = parseReadRequest(message);
  switch (request.is) {
    case 'read-stream':
      return readStream(store.log, request, reply);
    case 'read-all':
      return readAll(store.log, request, reply);
    case 'subscribe-to-stream':
      return subscribeToStream(store.log, request, reply);
    case 'subscribe-to-all':
      return subscribeToAll(store.log, request, reply);
  }
}
