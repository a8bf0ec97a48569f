import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { readBatchAppend } from './batch-append-request';

/** The generated definition of `Streams`, but for what it cannot read of a batch append. */
export const streamsService = {
  ...StreamsService,
  batchAppend: { ...StreamsService.batchAppend, requestDeserialize: readBatchAppend },
} as const;
