import { persistentSubscriptionToStreamSettingsFromDefaults as toStream, START } from '@eventstore/db-client';
import { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb';
import {
  CreateReq,
  DeleteReq,
  GetInfoReq,
  ReadReq,
  type ReadResp,
  type SubscriptionInfo,
} from '@eventstore/db-client/generated/persistent_pb';
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { readUuid, streamIdentifier, streamName } from '../codec';
import { eventually, itEmbedded, type TestStore, useStore } from '../store.fixture';
import { freshName, numbered } from './test-reader.fixture';

const login = { user: 'ada', password: 'secret' };

/** What other clients than the one under test may send, straight over gRPC. */
class RawClient {
  private readonly client: PersistentSubscriptionsClient;

  constructor(
    store: TestStore,
    private readonly metadata = new Metadata(),
  ) {
    this.client = new PersistentSubscriptionsClient(store.host, credentials.createInsecure());
  }

  create(options: CreateReq.Options): Promise<void> {
    return new Promise((resolve, reject) =>
      this.client.create(new CreateReq().setOptions(options), this.metadata, (e) => (e ? reject(e) : resolve())),
    );
  }

  delete(options: DeleteReq.Options): Promise<void> {
    return new Promise((resolve, reject) =>
      this.client.delete(new DeleteReq().setOptions(options), this.metadata, (e) => (e ? reject(e) : resolve())),
    );
  }

  info(stream: string): Promise<SubscriptionInfo> {
    const options = new GetInfoReq.Options().setStreamIdentifier(streamIdentifier(stream)).setGroupName('g');
    return new Promise((resolve, reject) =>
      this.client.getInfo(new GetInfoReq().setOptions(options), this.metadata, (error, response) => {
        const info = response?.getSubscriptionInfo();
        if (info === undefined) reject(error ?? new Error('no info'));
        else resolve(info);
      }),
    );
  }

  read(first: ReadReq) {
    const call = this.client.read(this.metadata);
    const responses: ReadResp[] = [];
    const errors: ServiceError[] = [];
    call.on('data', (response: ReadResp) => responses.push(response));
    call.on('error', (error: ServiceError) => errors.push(error));
    call.write(first);
    return { call, responses, errors };
  }

  close(): void {
    this.client.close();
  }
}

const settings = () =>
  new CreateReq.Settings()
    .setMessageTimeoutTicks('12340000')
    .setCheckpointAfterTicks('20000000')
    .setReadBatchSize(20)
    .setHistoryBufferSize(500)
    .setMaxCheckpointCount(1)
    .setNamedConsumerStrategy(CreateReq.ConsumerStrategy.PINNED);

const readOptions = (stream: string, structured: boolean) => {
  const uuids = new ReadReq.Options.UUIDOption();
  if (structured) uuids.setStructured(new Empty());
  else uuids.setString(new Empty());
  const identifier = streamIdentifier(stream);
  return new ReadReq().setOptions(
    new ReadReq.Options().setStreamIdentifier(identifier).setGroupName('g').setBufferSize(5).setUuidOption(uuids),
  );
};

describe('an open store', () => {
  const store = useStore();
  let raw: RawClient;
  beforeAll(() => void (raw = new RawClient(store)));
  afterAll(() => raw.close());

  const newForm = (stream: string) => new CreateReq.StreamOptions().setStreamIdentifier(streamIdentifier(stream));

  it.each([
    ['start', (of: CreateReq.StreamOptions) => of.setStart(new Empty()), '0'],
    ['end', (of: CreateReq.StreamOptions) => of.setEnd(new Empty()), '-1'],
    ['revision', (of: CreateReq.StreamOptions) => of.setRevision('7'), '7'],
  ])('takes the newer form of create, with %s and times in ticks', async (_, from, shown) => {
    const stream = freshName('new-form');
    await raw.create(
      new CreateReq.Options()
        .setStream(from(newForm(stream)))
        .setGroupName('g')
        .setSettings(settings()),
    );
    const info = await raw.info(stream);
    expect(info.getStartFrom()).toBe(shown);
    expect(info.getMessageTimeoutMilliseconds()).toBe(1_234);
    expect(info.getCheckPointAfterMilliseconds()).toBe(2_000);
    expect(info.getNamedConsumerStrategy()).toBe('Pinned');
  });

  it('lets a strategy named in text win, and refuses one it does not know before it looks at anything else', async () => {
    const stream = freshName('strategy');
    const create = (strategy: string, options = new CreateReq.Options()) =>
      raw.create(
        options
          .setStream(newForm(stream).setStart(new Empty()))
          .setGroupName('g')
          .setSettings(settings().setConsumerStrategy(strategy)),
      );
    await create('DispatchToSingle');
    expect((await raw.info(stream)).getNamedConsumerStrategy()).toBe('DispatchToSingle');
    const error = await create('Nonsense').catch((failure: ServiceError) => failure);
    expect(error).toMatchObject({
      code: 13,
      details: `Subscription group g on stream ${stream} failed: 'Consumer strategy Nonsense does not exist.'`,
    });
    expect((error as ServiceError).metadata.getMap()).toMatchObject({
      exception: 'persistent-subscription-failed',
      'stream-name': stream,
      'group-name': 'g',
      reason: 'Consumer strategy Nonsense does not exist.',
    });
  });

  itEmbedded('writes trailers in ASCII whatever the names', async () => {
    const options = new DeleteReq.Options().setStreamIdentifier(streamIdentifier('ключ')).setGroupName('組');
    const error = await raw.delete(options).catch((failure: ServiceError) => failure);
    expect((error as ServiceError).metadata.getMap()).toMatchObject({
      exception: 'persistent-subscription-does-not-exist',
      'stream-name': '%D0%BA%D0%BB%D1%8E%D1%87',
      'group-name': '%E7%B5%84',
    });
  });

  it('gives and takes structured ids, and takes text ids in upper case', async () => {
    const stream = freshName('uuids');
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const written = numbered(1, 2);
    await store.client.appendToStream(stream, written);
    const reader = raw.read(readOptions(stream, true));
    await eventually(() => reader.responses.length === 3, 'confirmation and two events');
    expect(reader.responses[0]?.getSubscriptionConfirmation()?.getSubscriptionId()).toBe(`${stream}::g`);
    const events = reader.responses.slice(1).map((response) => response.getEvent()?.getEvent());
    const ids = events.map((event) => event?.getId());
    expect(ids.every((id) => id?.hasStructured())).toBe(true);
    expect(ids.map((id) => readUuid(id))).toEqual(written.map(({ id }) => id));
    expect(events.map((event) => streamName(event?.getStreamIdentifier()))).toEqual([stream, stream]);
    expect(reader.responses[1]?.getEvent()?.hasRetryCount()).toBe(true);
    expect((await raw.info(stream)).getConnectionsList()[0]?.getConnectionName()).toBe('<unknown>');
    reader.call.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList([ids[0] as UUID])));
    const upper = new UUID().setString(String(written[1]?.id).toUpperCase());
    reader.call.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList([upper])));
    await eventually(async () => (await raw.info(stream)).getOutstandingMessagesCount() === 0, 'both acks');
    reader.call.end();
    await eventually(
      async () => (await raw.info(stream)).getConnectionsList().length === 0,
      'half-close ends the call',
    );
  });

  it('ends a read that does not begin with options', async () => {
    const reader = raw.read(new ReadReq().setAck(new ReadReq.Ack()));
    await eventually(() => reader.errors.length > 0, 'an error');
    expect(reader.errors).toMatchObject([{ code: 2, details: 'Exception was thrown by handler.' }]);
  });
});

describe('a store that demands credentials', () => {
  const store = useStore({ auth: login });

  itEmbedded('shows who reads by login, and refuses everybody else', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', `Basic ${Buffer.from('ada:secret').toString('base64')}`);
    metadata.set('connection-name', 'reader one');
    const ada = new RawClient(store, metadata);
    const stream = freshName('login');
    const start = new CreateReq.StreamOptions().setStreamIdentifier(streamIdentifier(stream)).setStart(new Empty());
    await ada.create(new CreateReq.Options().setStream(start).setGroupName('g').setSettings(settings()));
    const reader = ada.read(readOptions(stream, false));
    await eventually(() => reader.responses.length === 1, 'confirmation');
    const [connection] = (await ada.info(stream)).getConnectionsList();
    expect([connection?.getUsername(), connection?.getConnectionName()]).toEqual(['ada', 'reader one']);
    const nobody = new RawClient(store);
    await expect(nobody.info(stream)).rejects.toMatchObject({ code: 16 });
    const refused = nobody.read(readOptions(stream, false));
    await eventually(() => refused.errors.length > 0, 'refusal');
    expect(refused.errors).toMatchObject([{ code: 16 }]);
    reader.call.cancel();
    nobody.close();
    ada.close();
  });
});
