import { once } from 'node:events';
import { persistentSubscriptionToStreamSettingsFromDefaults, START } from '@eventstore/db-client';
import { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { GetInfoReq, ReadReq, type ReadResp } from '@eventstore/db-client/generated/persistent_pb';
import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { streamIdentifier } from './codec';
import { describeEmbedded, eventually, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const maxBytes = 4_194_304;
const lengthBytes = 5;
/** One unknown field, which nobody minds: a message as long as wanted. */
const messageOf = (sizeBytes: number): Buffer => {
  const message = Buffer.alloc(sizeBytes);
  let rest = sizeBytes - lengthBytes - 2;
  message.writeUInt16BE(0xfa7f);
  for (let n = 0; n < lengthBytes; n += 1, rest >>>= 7)
    message[2 + n] = (rest & 0x7f) | (n < lengthBytes - 1 ? 0x80 : 0);
  return message;
};

describeEmbedded('a message larger than 4 MiB', () => {
  let client: Client;
  beforeAll(() => (client = new Client(store.host, credentials.createInsecure())));
  afterAll(() => client.close());

  const asIs = (bytes: Buffer): Buffer => bytes;
  const unary = (path: string, message: Buffer): Promise<ServiceError | null> =>
    new Promise((resolve) => {
      client.makeUnaryRequest(`/event_store.client.${path}`, asIs, asIs, message, (error) => resolve(error));
    });
  const features = 'server_features.ServerFeatures/GetSupportedMethods';

  it.each([
    'persistent_subscriptions.PersistentSubscriptions/Create',
    'persistent_subscriptions.PersistentSubscriptions/GetInfo',
    'persistent_subscriptions.PersistentSubscriptions/List',
    features,
    'gossip.Gossip/Read',
  ])('%s: is refused by its size, and the connection lives', async (path) => {
    const open = client.makeBidiStreamRequest('/event_store.client.streams.Streams/BatchAppend', asIs, asIs);
    const failures: unknown[] = [];
    open.on('error', (error) => failures.push(error)).on('data', () => undefined);
    for (const sizeBytes of [maxBytes + 1, 10_000_000]) {
      expect(await unary(path, messageOf(sizeBytes))).toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
        details: `Received message larger than max (${sizeBytes} vs. ${maxBytes})`,
      });
    }
    expect(await unary(features, Buffer.alloc(0))).toBeNull();
    expect(failures).toEqual([]);
    open.cancel();
  });

  it('is just small enough at the limit', async () => {
    for (const path of [features, 'gossip.Gossip/Read']) expect(await unary(path, messageOf(maxBytes))).toBeNull();
  });

  it('ends the reader of a group that sends it, which gives its events back', async () => {
    const [stream, group] = [newStream(), 'g'];
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
    await store.client.createPersistentSubscriptionToStream(stream, group, settings);
    await store.client.appendToStream(stream, newEvents(1));
    const raw = new PersistentSubscriptionsClient(store.host, credentials.createInsecure());
    const inFlight = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = new GetInfoReq.Options().setStreamIdentifier(streamIdentifier(stream)).setGroupName(group);
        raw.getInfo(new GetInfoReq().setOptions(options), (error, answer) => {
          if (error === null) resolve(answer.getSubscriptionInfo()?.getTotalInFlightMessages());
          else reject(error);
        });
      });
    const options = new ReadReq.Options()
      .setStreamIdentifier(streamIdentifier(stream))
      .setGroupName(group)
      .setBufferSize(10)
      .setUuidOption(new ReadReq.Options.UUIDOption());
    const reader = raw.read();
    const replies: ReadResp[] = [];
    reader.on('data', (answer: ReadResp) => replies.push(answer));
    const failed = once(reader, 'error').catch((error: unknown) => [error]);
    reader.write(new ReadReq().setOptions(options));
    await eventually(() => replies.length === 2);
    expect(await inFlight()).toBe(1);
    const ids = Array.from({ length: 120_000 }, () => new UUID().setString('00000000-0000-0000-0000-000000000001'));
    reader.write(new ReadReq().setAck(new ReadReq.Ack().setIdsList(ids)));
    const [error] = (await failed) as [ServiceError];
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(error.details).toMatch(/^Received message larger than max \(\d+ vs\. 4194304\)$/);
    await eventually(async () => (await inFlight()) === 0);
    raw.close();
  });
});
