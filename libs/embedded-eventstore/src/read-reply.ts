import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { FramedMessages } from '@hark/framed-messages';
import type { Reply } from './reply';

/** What a read or subscription writes its answer to; events are encoded already. */
export type ReadReply = Reply<ReadReq, ReadResp | FramedMessages>;
