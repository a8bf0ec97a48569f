import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { MethodDefinition } from '@grpc/grpc-js';
import { readBatchAppend } from './batch-append-request';

/** The generated definition of `Streams`, but for what it cannot read of a batch append, and with encoded events. */
export const streamsService = {
  ...StreamsService,
  batchAppend: { ...StreamsService.batchAppend, requestDeserialize: readBatchAppend },
  read: sendingEncoded(StreamsService.read),
} as const;

/** The generated definition of `PersistentSubscriptions`, with encoded events. */
export const persistentSubscriptionsService = {
  ...PersistentSubscriptionsService,
  read: sendingEncoded(PersistentSubscriptionsService.read),
} as const;

/** A method whose replies may have been encoded already. */
function sendingEncoded<Request, Response>(
  method: MethodDefinition<Request, Response>,
): MethodDefinition<Request, Response | Uint8Array> {
  const responseSerialize = (message: Response | Uint8Array): Buffer =>
    message instanceof Uint8Array
      ? Buffer.from(message.buffer, message.byteOffset, message.byteLength)
      : method.responseSerialize(message);
  return { ...method, responseSerialize };
}
