import { EventStoreDBClient } from '@eventstore/db-client';
import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { CallOptions, Client as GrpcClient, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { ignoreProxies } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import type { CopiedEvent, LogPosition } from './copied-event';

/** How long a server may keep silent in the middle of a read. */
const silenceMaxMs = 60_000;
const streamDeleted = 'stream-deleted';

/**
 * Private members of the client (6.2.1): its channel with discovery, TLS and credentials. Needed because its own
 * functions parse events and write them anew, and a copy must have the same bytes.
 */
interface InnerClient {
  execute<Client extends GrpcClient, Result>(
    type: new (...args: never[]) => Client,
    name: string,
    action: (client: Client) => Promise<Result>,
  ): Promise<Result>;
  callArguments(options: { requiresLeader: boolean }, more: CallOptions): [Metadata, CallOptions];
}

/** A store behind a connection string, with reads that return bytes unchanged. */
export class StoreConnection {
  private constructor(
    readonly url: string,
    readonly client: EventStoreDBClient,
  ) {}

  /** Connects at the first call. Throws `invalid` for a text that is not a connection string. */
  static to(url: string): StoreConnection {
    ignoreProxies();
    try {
      return new StoreConnection(url, EventStoreDBClient.connectionString(url));
    } catch (cause) {
      throw new HarkError(
        'invalid',
        'command.invalid',
        'the address must look like esdb://host:port?tls=false',
        {},
        { cause },
      );
    }
  }

  /** The generated client on the same channel. */
  streams(): Promise<StreamsClient> {
    return this.inner.execute(StreamsClient, 'migrate', async (client) => client);
  }

  /** Arguments of a long call, for the leader of a cluster. */
  longCall(): [Metadata, CallOptions] {
    return this.inner.callArguments({ requiresLeader: true }, { deadline: Infinity });
  }

  /** `$all` from a position on (that one included) to the end it has now. One event is in memory at a time. */
  readAll(from?: LogPosition, count: bigint | undefined = undefined): AsyncGenerator<CopiedEvent> {
    const all = new ReadReq.Options.AllOptions();
    if (from === undefined) all.setStart(new Empty());
    else {
      const position = new ReadReq.Options.Position();
      all.setPosition(position.setCommitPosition(String(from.commit)).setPreparePosition(String(from.prepare)));
    }
    return this.read(forwards(count).setAll(all));
  }

  /**
   * The events that a reader of the stream sees, in order. Nothing for a stream that is absent or deleted in any way.
   */
  async *readStream(streamId: string): AsyncGenerator<CopiedEvent> {
    const stream = new ReadReq.Options.StreamOptions().setStart(new Empty()).setStreamIdentifier(identifier(streamId));
    try {
      yield* this.read(forwards().setStream(stream));
    } catch (error) {
      if (exceptionOf(error) !== streamDeleted) throw error;
    }
  }

  /** The last visible event of a stream, or `undefined` when there is none to be seen. */
  async lastOf(streamId: string): Promise<CopiedEvent | undefined> {
    let last: CopiedEvent | undefined;
    const stream = new ReadReq.Options.StreamOptions().setEnd(new Empty()).setStreamIdentifier(identifier(streamId));
    const options = forwards(1n).setStream(stream).setReadDirection(ReadReq.Options.ReadDirection.BACKWARDS);
    try {
      for await (const event of this.read(options)) last = event;
    } catch (error) {
      if (exceptionOf(error) !== streamDeleted) throw error;
    }
    return last;
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }

  private get inner(): InnerClient {
    return this.client as unknown as InnerClient;
  }

  private async *read(options: ReadReq.Options): AsyncGenerator<CopiedEvent> {
    const streams = await this.streams();
    const call = streams.read(new ReadReq().setOptions(options), ...this.longCall());
    // Nobody listens after a cancelled read; an error without a listener would end the process.
    call.on('error', () => undefined);
    try {
      for await (const message of patiently(call)) {
        const event = eventOf(message);
        if (event !== undefined) yield event;
      }
    } finally {
      call.cancel();
    }
  }
}

/** The messages of a call. Fails when the next one does not come in time; the consumer may take any time. */
async function* patiently(call: ClientReadableStream<ReadResp>): AsyncGenerator<ReadResp> {
  const messages = call[Symbol.asyncIterator]() as AsyncIterator<ReadResp, void>;
  let waiting = true;
  const silence = setTimeout(() => {
    if (waiting)
      call.destroy(new HarkError('unavailable', 'migrate.silent', 'a store stopped answering in the middle of a read'));
  }, silenceMaxMs);
  try {
    for (;;) {
      waiting = true;
      silence.refresh();
      const result = await messages.next();
      waiting = false;
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    clearTimeout(silence);
  }
}

const forwards = (count?: bigint): ReadReq.Options =>
  new ReadReq.Options()
    .setReadDirection(ReadReq.Options.ReadDirection.FORWARDS)
    .setResolveLinks(false)
    .setCount(String(count ?? Number.MAX_SAFE_INTEGER))
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty()))
    .setNoFilter(new Empty());

/** A stream's name as the wire carries it. */
export const identifier = (streamId: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(streamId, 'utf8'));

function eventOf(message: ReadResp): CopiedEvent | undefined {
  const recorded = message.getEvent()?.getEvent();
  if (recorded === undefined) return undefined;
  const properties = recorded.getMetadataMap();
  return {
    streamId: Buffer.from(recorded.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    revision: BigInt(recorded.getStreamRevision()),
    id: recorded.getId()?.getString() ?? '',
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? '',
    data: recorded.getData_asU8(),
    metadata: recorded.getCustomMetadata_asU8(),
    position: { commit: BigInt(recorded.getCommitPosition()), prepare: BigInt(recorded.getPreparePosition()) },
  };
}

/** The server's error name, in the trailer that the client reads. */
function exceptionOf(error: unknown): string | undefined {
  const trailers = (error as { metadata?: Metadata } | undefined)?.metadata;
  return trailers?.get('exception')[0]?.toString();
}
