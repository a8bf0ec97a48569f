import { type TombstoneReq, TombstoneResp } from '@eventstore/db-client/generated/streams_pb';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { streamName } from './codec';
import { deletion } from './deletion';
import { asStatusError, StatusError } from './service-error';
import type { StoreContext } from './store-context';

/** `Streams.Tombstone`: the stream can never be read or written again. Its events stay in `$all`. */
export const tombstone =
  (store: StoreContext): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  ({ request }, callback) => {
    const options = request.getOptions();
    const streamId = streamName(options?.getStreamIdentifier());
    deletion(streamId, options, (expected) => store.log.tombstone(streamId, expected)).then(
      (at) => callback(null, new TombstoneResp().setPosition(position(at))),
      (error: unknown) => {
        if (!(error instanceof StatusError)) store.onUnexpected(error);
        callback(asStatusError(error));
      },
    );
  };

const position = (at: string): TombstoneResp.Position =>
  new TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
