import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  CancelledError,
  EventStoreDBClient,
  persistentSubscriptionToAllSettingsFromDefaults,
  UnavailableError,
} from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { AppendReq, BatchAppendReq, type BatchAppendResp, DeleteReq } from '@eventstore/db-client/generated/streams_pb';
import { type ClientDuplexStream, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Advertised } from './gossip';
import { collect, describeEmbedded, eventually, newEvents, newStream, useDir, useStore } from './store.fixture';

import { type EventStore, type EventStoreOptions, startEventStore } from '.';

const store = useStore();
const newDir = useDir();
const insecure = credentials.createInsecure();
const addressOf = ({ url }: { url: string }): string => new URL(url).host;

/** Starts a store that the end of the test stops. */
const started: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(started.splice(0).map((each) => each.close())));
async function start(options: Partial<EventStoreOptions> = {}): Promise<EventStore> {
  const own = await startEventStore({ dataDir: newDir(), ...options });
  started.push(own);
  return own;
}

describe('server features', () => {
  it('name the version and the methods', async () => {
    const client = new ServerFeaturesClient(addressOf(store), insecure);
    const features = await new Promise<Record<string, string[]>>((resolve, reject) => {
      client.getSupportedMethods(new Empty(), (error, answer) => {
        if (error !== null) return reject(error);
        expect(answer.getEventStoreServerVersion()).toMatch(/^\d+\.\d+\.\d+$/);
        resolve(
          Object.fromEntries(
            answer
              .getMethodsList()
              .map((m) => [`${m.getServiceName()}/${m.getMethodName()}`.toLowerCase(), m.getFeaturesList()]),
          ),
        );
      });
    });
    client.close();
    const persistent = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
    for (const method of [
      'create',
      'update',
      'delete',
      'read',
      'getinfo',
      'replayparked',
      'list',
      'restartsubsystem',
    ]) {
      expect(features[`${persistent}/${method}`]).toEqual(expect.arrayContaining(['stream', 'all']));
    }
    for (const method of ['append', 'batchappend', 'delete', 'tombstone', 'read']) {
      expect(features).toHaveProperty([`event_store.client.streams.streams/${method}`]);
    }
  });
});

describeEmbedded('gossip', () => {
  it('names the one node, so that strings with several hosts work', async () => {
    const { host } = new URL(store.url);
    for (const url of [`esdb://${host},${host}?tls=false`, `esdb+discover://${host}?tls=false`]) {
      const client = EventStoreDBClient.connectionString(url);
      expect(await client.appendToStream(newStream(), newEvents(1))).toMatchObject({ success: true });
      await client.dispose();
    }
  });

  it.each<[Partial<Advertised>, (port: number) => { address: string; port: number }]>([
    [{ host: 'events.example', port: 2113 }, () => ({ address: 'events.example', port: 2113 })],
    [{ host: 'events.example' }, (port) => ({ address: 'events.example', port })],
    [{ port: 2113 }, () => ({ address: '127.0.0.1', port: 2113 })],
    [{}, (port) => ({ address: '127.0.0.1', port })],
  ])('names the address that is advertised: %j', async (advertise, expected) => {
    const own = await start({ advertise });
    const client = new GossipClient(addressOf(own), insecure);
    const member = await new Promise((resolve) => {
      client.read(new Empty(), (_error, answer) => resolve(answer?.getMembersList()[0]?.toObject()));
    });
    client.close();
    expect(member).toMatchObject({ state: 8, isAlive: true, httpEndPoint: expected(own.port) });
  });
});

describeEmbedded('the address', () => {
  it('is one port on both loopbacks', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const { port } = new URL(store.url);
      const raw = new StreamsClient(`${host}:${port}`, insecure);
      await new Promise<void>((resolve, reject) => {
        raw.waitForReady(Date.now() + 60_000, (error) => (error === undefined ? resolve() : reject(error)));
      });
      raw.close();
    }
  });
});

describeEmbedded('--auth', () => {
  it('demands exactly that login, except for the features', async () => {
    const own = await start({ auth: { user: 'admin', password: 'chänge' } });
    const raw = new StreamsClient(addressOf(own), insecure);
    const attempt = (login?: string): Promise<ServiceError | null> => {
      const metadata = new Metadata();
      if (login !== undefined) metadata.set('authorization', `Basic ${Buffer.from(login).toString('base64')}`);
      return new Promise((resolve) => raw.delete(new DeleteReq(), metadata, resolve));
    };
    for (const login of [undefined, 'admin:wrong', 'admin:', 'other:chänge', '']) {
      const error = await attempt(login);
      expect(error).toMatchObject({ code: status.UNAUTHENTICATED, details: 'Unauthenticated' });
      expect(error?.metadata.get('exception')).toEqual([]);
    }
    expect(await attempt('admin:chänge')).toMatchObject({ code: status.INVALID_ARGUMENT });
    const batch = raw.batchAppend();
    batch.on('data', () => undefined);
    const [error] = (await once(batch, 'error').catch((failure: unknown) => [failure])) as [ServiceError];
    expect(error.code).toBe(status.UNAUTHENTICATED);
    const features = new ServerFeaturesClient(addressOf(own), insecure);
    const failure = await new Promise((resolve) => features.getSupportedMethods(new Empty(), resolve));
    expect(failure).toBeNull();
    features.close();
    raw.close();
  });
});

describeEmbedded('--max-append', () => {
  it('moves the limit of one append', async () => {
    const own = await start({ maxAppendBytes: 100 });
    const client = EventStoreDBClient.connectionString(own.url);
    await client.appendToStream(newStream(), newEvents(1));
    await expect(client.appendToStream(newStream(), newEvents(10))).rejects.toMatchObject({ maxAppendSize: 100 });
    await client.dispose();
  });
});

describeEmbedded('concurrent calls of one connection', () => {
  it('stop at 100: the next one waits for another to end', async () => {
    const own = await start();
    const client = EventStoreDBClient.connectionString(own.url);
    // Other channel options, or the two clients would share one connection.
    const other = EventStoreDBClient.connectionString(`${own.url}&keepAliveInterval=20000`);
    await other.appendToStream('ends', newEvents(1));
    const errors: unknown[] = [];
    const subscriptions = Array.from({ length: 100 }, () =>
      client
        .subscribeToStream('ends')
        .on('error', (error) => errors.push(error))
        .on('data', () => undefined),
    );
    await Promise.all(subscriptions.map((each) => once(each, 'caughtUp')));
    let answered = false;
    const waiting = collect(client.readAll()).then(() => (answered = true));
    await other.appendToStream('others', newEvents(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    await other.tombstoneStream('ends');
    await waiting;
    await eventually(() => errors.length === 100);
    await Promise.all([client.dispose(), other.dispose()]);
  });
});

describeEmbedded('an orderly stop', () => {
  const open = async () => {
    const own = await start();
    const client = EventStoreDBClient.connectionString(own.url);
    await client.appendToStream('any', newEvents(1));
    return { own, client };
  };

  it('cancels subscriptions', async () => {
    const { own, client } = await open();
    const errors: unknown[] = [];
    const begun: Promise<unknown>[] = [];
    for (const subscription of [client.subscribeToAll(), client.subscribeToStream('any')]) {
      subscription.on('error', (error: unknown) => errors.push(error)).on('data', () => undefined);
      begun.push(once(subscription, 'caughtUp'));
    }
    await Promise.all(begun);
    await own.close();
    await eventually(() => errors.length === 2);
    errors.forEach((error) => expect(error).toBeInstanceOf(CancelledError));
    await client.dispose();
  });

  it('tells readers of groups that theirs was dropped', async () => {
    const { own, client } = await open();
    await client.createPersistentSubscriptionToAll('g', persistentSubscriptionToAllSettingsFromDefaults());
    const reader = client.subscribeToPersistentSubscriptionToAll('g');
    reader.on('data', () => undefined);
    await once(reader, 'confirmation');
    const failed = once(reader, 'error').catch((error: unknown) => [error]);
    await own.close();
    expect((await failed)[0]).toMatchObject({ type: 'persistent-subscription-dropped' });
    await client.dispose();
  });

  it('answers the appends that have arrived and keeps them', async () => {
    const dataDir = newDir();
    const own = await start({ dataDir });
    const client = EventStoreDBClient.connectionString(own.url);
    await client.appendToStream('warm', newEvents(1));
    const names = Array.from({ length: 50 }, () => newStream());
    const appends = names.map((name) => client.appendToStream(name, newEvents(2)));
    await appends[0];
    const [settled] = await Promise.all([Promise.allSettled(appends), own.close()]);
    await client.dispose();
    const again = await start({ dataDir });
    const reader = EventStoreDBClient.connectionString(again.url);
    for (const [n, outcome] of settled.entries()) {
      const length = await collect(reader.readStream(names[n]!)).then(
        (events) => events.length,
        () => 0,
      );
      if (outcome.status === 'fulfilled') expect(length).toBe(2);
      else expect([0, 2]).toContain(length);
    }
    await reader.dispose();
  });

  it('ends an append that is still arriving as not ready, a batch stream as cancelled', async () => {
    const own = await start();
    const raw = new StreamsClient(addressOf(own), insecure);
    const append = new Promise<ServiceError | null>((resolve) => {
      const call = raw.append(resolve);
      const options = new AppendReq.Options().setStreamIdentifier(
        new StreamIdentifier().setStreamName(Buffer.from('s')),
      );
      call.write(new AppendReq().setOptions(options.setAny(new Empty())));
    });
    const batch: ClientDuplexStream<BatchAppendReq, BatchAppendResp> = raw.batchAppend();
    const begun = new BatchAppendReq.Options().setAny(new Empty());
    begun.setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from('$$')));
    const begin = () => new BatchAppendReq().setCorrelationId(new UUID().setString(randomUUID())).setOptions(begun);
    // Both calls share a connection, which keeps their order: once the batch is answered, the append has arrived too.
    const answered = once(batch, 'data');
    batch.write(begin().setIsFinal(true));
    await answered;
    batch.write(begin());
    const batchEnd = once(batch, 'error').catch((error: unknown) => [error]);
    await own.close();
    expect(await append).toMatchObject({ code: status.UNAVAILABLE, details: 'Server Is Not Ready' });
    expect((await batchEnd)[0]).toMatchObject({ code: status.CANCELLED });
    raw.close();
  });

  it('leaves a client that can use the next server on that port', async () => {
    const dataDir = newDir();
    const own = await start({ dataDir });
    const client = EventStoreDBClient.connectionString(own.url);
    const login = { credentials: { username: 'a', password: 'b' } };
    await client.appendToStream('s', newEvents(1), login);
    await own.close();
    await expect(client.appendToStream('s', newEvents(1), login)).rejects.toBeInstanceOf(UnavailableError);
    await start({ dataDir, port: own.port });
    await client.appendToStream('s', newEvents(1), { ...login, expectedRevision: 0n });
    await client.dispose();
  });
});
