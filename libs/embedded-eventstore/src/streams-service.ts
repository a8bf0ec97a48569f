import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { MethodDefinition } from '@grpc/grpc-js';
import { FramedMessages } from '@hark/framed-messages';
import { readBatchAppend } from './batch-append-request';

/** The generated definition of `Streams`, but for what it cannot read of a batch append, and with replies encoded here. */
export const streamsService = {
  ...StreamsService,
  batchAppend: { ...sendingMessages(StreamsService.batchAppend), requestDeserialize: readBatchAppend },
  read: sendingMessages(StreamsService.read),
} as const;

/** The generated definition of `PersistentSubscriptions`, with replies encoded here. */
export const persistentSubscriptionsService = {
  ...PersistentSubscriptionsService,
  read: sendingMessages(PersistentSubscriptionsService.read),
} as const;

/** A method that may also reply with several messages at once. */
function sendingMessages<Request, Response>(
  method: MethodDefinition<Request, Response>,
): MethodDefinition<Request, Response | FramedMessages> {
  const responseSerialize = (message: Response | FramedMessages): Buffer =>
    message instanceof FramedMessages ? (message as unknown as Buffer) : method.responseSerialize(message);
  return { ...method, responseSerialize };
}
