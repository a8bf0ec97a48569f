import { type DeleteReq, DeleteResp } from '@eventstore/db-client/generated/streams_pb';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { streamName } from './codec';
import { deletion } from './deletion';
import { asStatusError, StatusError } from './service-error';
import type { StoreContext } from './store-context';

/** `Streams.Delete`: soft delete. The events stay in `$all`; a later append begins the stream anew. */
export const deleteStream =
  (store: StoreContext): handleUnaryCall<DeleteReq, DeleteResp> =>
  ({ request }, callback) => {
    const options = request.getOptions();
    const streamId = streamName(options?.getStreamIdentifier());
    deletion(streamId, options, (expected) => store.log.softDelete(streamId, expected)).then(
      (at) => callback(null, new DeleteResp().setPosition(position(at))),
      (error: unknown) => {
        if (!(error instanceof StatusError)) store.onUnexpected(error);
        callback(asStatusError(error));
      },
    );
  };

const position = (at: string): DeleteResp.Position =>
  new DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
