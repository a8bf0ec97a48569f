import { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb';
import {
  CreateReq,
  GetInfoReq,
  type GetInfoResp,
  ListReq,
  ReadReq,
  type ReadResp,
  ReplayParkedReq,
  type SubscriptionInfo,
} from '@eventstore/db-client/generated/persistent_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

type Answer<Response> = (error: ServiceError | null, response?: Response) => void;

/** The generated client, for what the ordinary one never sends or hides. The group is always called `g`. */
export class RawGroups {
  private readonly metadata = new Metadata();
  private opened: PersistentSubscriptionsClient | undefined;

  constructor(private readonly store: { readonly host: string }) {}

  private get client(): PersistentSubscriptionsClient {
    return (this.opened ??= new PersistentSubscriptionsClient(this.store.host, credentials.createInsecure()));
  }

  create(options?: CreateReq.Options): Promise<unknown> {
    return answer((done) => this.client.create(new CreateReq().setOptions(options), this.metadata, done));
  }

  async info(stream: string): Promise<SubscriptionInfo> {
    const options = new GetInfoReq.Options().setGroupName('g');
    if (stream === '$all') options.setAll(new Empty());
    else options.setStreamIdentifier(named(stream));
    const response = await this.getInfo(options);
    return response.getSubscriptionInfo()!;
  }

  getInfo(options?: GetInfoReq.Options) {
    return answer<GetInfoResp>((done) =>
      this.client.getInfo(new GetInfoReq().setOptions(options), this.metadata, done),
    );
  }

  list(options?: ListReq.Options): Promise<unknown> {
    return answer((done) => this.client.list(new ListReq().setOptions(options), this.metadata, done));
  }

  replay(options?: ReplayParkedReq.Options): Promise<unknown> {
    return answer((done) => this.client.replayParked(new ReplayParkedReq().setOptions(options), this.metadata, done));
  }

  /** A reader that answers only when told to. */
  read(options?: ReadReq.Options): RawReader {
    return new RawReader(this.client.read(this.metadata), new ReadReq().setOptions(options));
  }

  close(): void {
    this.opened?.close();
  }
}

/** The generated client of a file's store. */
export function useRawGroups(store: { readonly host: string }): RawGroups {
  const raw = new RawGroups(store);
  afterAll(() => raw.close());
  return raw;
}

/** One reader's call and what came over it. */
export class RawReader {
  readonly responses: ReadResp[] = [];
  readonly errors: ServiceError[] = [];

  constructor(
    readonly call: ReturnType<PersistentSubscriptionsClient['read']>,
    first: ReadReq,
  ) {
    call.on('data', (response: ReadResp) => this.responses.push(response));
    call.on('error', (error: ServiceError) => this.errors.push(error));
    call.write(first);
  }

  /** `<revision>/<retry count>` of every event so far. */
  get seen(): string[] {
    return this.events.map((event) => `${event?.getEvent()?.getStreamRevision()}/${event?.getRetryCount()}`);
  }

  get events() {
    return this.responses.slice(1).map((response) => response.getEvent());
  }

  ack(...ids: string[]): void {
    this.call.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList(ids.map(uuid))));
  }

  nack(action: number, ...ids: string[]): void {
    const nack = new ReadReq.Nack().setIdsList(ids.map(uuid)).setReason('raw');
    this.call.write(new ReadReq().setNack(nack.setAction(action)));
  }
}

export const named = (stream: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));

/** Options to read a stream's group with textual ids. */
export const readOptions = (stream: string, bufferSize: number): ReadReq.Options =>
  new ReadReq.Options()
    .setStreamIdentifier(named(stream))
    .setGroupName('g')
    .setBufferSize(bufferSize)
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty()));

/** The settings that a request must carry to be taken; the rest is zero. */
export const leastSettings = (): CreateReq.Settings =>
  new CreateReq.Settings()
    .setReadBatchSize(20)
    .setHistoryBufferSize(500)
    .setNamedConsumerStrategy(CreateReq.ConsumerStrategy.ROUNDROBIN);

const uuid = (text: string): UUID => new UUID().setString(text);

const answer = <Response>(call: (done: Answer<Response>) => unknown): Promise<Response> =>
  new Promise((resolve, reject) => {
    call((error, response) =>
      error !== null || response === undefined ? reject(error ?? new Error('no answer')) : resolve(response),
    );
  });
