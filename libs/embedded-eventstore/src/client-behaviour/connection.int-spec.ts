import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  CancelledError,
  DeadlineExceededError,
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  StreamNotFoundError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { type EventStore, type EventStoreOptions, startEventStore } from '..';
import { programOf } from '../from-sources';
import { collect, describeEmbedded, eventually, newEvents, newStream, useDir, useStore } from '../store.fixture';

const store = useStore();
const newDir = useDir();
const login = { credentials: { username: 'admin', password: 'changeit' } };
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((e: unknown) => e);

/** Events that are together more than a connection carries unread. */
const largeEvents = (count: number): EventData[] =>
  Array.from({ length: count }, () => jsonEvent({ type: 'large', data: 'x'.repeat(200_000) }));

/** The connection that a client has now. */
const channelOf = (client: EventStoreDBClient): Promise<unknown> =>
  (client as unknown as { getChannel(): Promise<unknown> }).getChannel();

describe('a client', () => {
  it('keeps its connection over refusals', async () => {
    await store.client.appendToStream(newStream(), newEvents(1), login);
    const before = await channelOf(store.client);
    const [stream, tombstoned] = [newStream(), newStream()];
    await store.client.tombstoneStream(tombstoned);
    const refusals = [
      collect(store.client.readStream(stream)),
      store.client.deleteStream(stream),
      store.client.appendToStream(stream, newEvents(1), { ...login, expectedRevision: 7n }),
      store.client.appendToStream(stream, newEvents(1), { expectedRevision: 7n }),
      store.client.appendToStream(tombstoned, newEvents(1)),
      collect(store.client.readStream(stream, { maxCount: 0 })),
    ];
    const settled = await Promise.all(refusals.map(failure));
    expect(settled[0]).toBeInstanceOf(StreamNotFoundError);
    expect(settled[1]).toBeInstanceOf(WrongExpectedVersionError);
    expect(settled.every((error) => error instanceof Error)).toBe(true);
    expect(await channelOf(store.client)).toBe(before);
  });

  it('finds the node once, however many calls it begins with', async () => {
    const client = EventStoreDBClient.connectionString(store.url);
    const replies = await Promise.all([
      client.appendToStream(newStream(), newEvents(4)),
      collect(client.readAll({ maxCount: 1 })),
      client.appendToStream(newStream(), newEvents(4)),
      client.appendToStream(newStream(), newEvents(4), login),
      client.listAllPersistentSubscriptions(),
    ]);
    expect(replies).toHaveLength(5);
    await client.dispose();
  });

  it('takes names and passwords in its string, which an insecure server has no use for', async () => {
    const client = EventStoreDBClient.connectionString(store.url.replace('esdb://', 'esdb://admin:changeit@'));
    const stream = newStream();
    await client.appendToStream(stream, newEvents(3), { requiresLeader: true });
    expect(await collect(client.readStream(stream, { maxCount: 10, requiresLeader: true }))).toHaveLength(3);
    await client.dispose();
  });

  it('gives up a call at its deadline and goes on', async () => {
    const stream = newStream();
    for (const call of [
      () => store.client.deleteStream(stream, { deadline: 0.001 }),
      () => store.client.tombstoneStream(stream, { deadline: 0.001 }),
      () => store.client.appendToStream(stream, newEvents(1), { ...login, deadline: 0.001 }),
    ]) {
      expect(await failure(call())).toBeInstanceOf(DeadlineExceededError);
    }
    expect(await store.client.appendToStream(newStream(), newEvents(1))).toMatchObject({ success: true });
  });
});

describeEmbedded('a client that asks for a node of some kind', () => {
  it.each(['leader', 'follower', 'read_only_replica', 'random'])('takes the one there is for a %s', async (kind) => {
    const { host } = new URL(store.url);
    for (const hosts of [`esdb+discover://${host}`, `esdb://127.0.0.1:1,${host}`]) {
      const client = EventStoreDBClient.connectionString(`${hosts}?tls=false&nodePreference=${kind}`);
      const stream = newStream();
      await client.appendToStream(stream, newEvents(2));
      expect(await collect(client.readStream(stream))).toHaveLength(2);
      await client.dispose();
    }
  });
});

describe('dispose', () => {
  it('ends subscriptions of every kind without an error, and the client can be used again', async () => {
    const client = EventStoreDBClient.connectionString(store.url);
    const [stream, group] = [newStream(), newStream('group')];
    await client.appendToStream(stream, newEvents(4));
    await client.createPersistentSubscriptionToStream(
      stream,
      group,
      persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }),
    );
    await client.createPersistentSubscriptionToAll(group, persistentSubscriptionToAllSettingsFromDefaults());
    const subscriptions = [
      client.subscribeToStream(stream),
      client.subscribeToStream(newStream()),
      client.subscribeToAll(),
      client.subscribeToPersistentSubscriptionToStream(stream, group),
      client.subscribeToPersistentSubscriptionToAll(group),
    ];
    let confirmed = 0;
    let ended = 0;
    const errors: unknown[] = [];
    for (const subscription of subscriptions) {
      subscription
        .on('confirmation', () => (confirmed += 1))
        .on('end', () => (ended += 1))
        .on('error', (error) => errors.push(error))
        .on('data', () => undefined);
    }
    await eventually(() => confirmed === subscriptions.length);
    await client.appendToStream(stream, newEvents(4));
    await client.dispose();
    await eventually(() => ended === subscriptions.length);
    expect(errors).toEqual([]);
    expect(await client.appendToStream(stream, newEvents(1), { expectedRevision: 7n })).toMatchObject({
      success: true,
    });
    await client.deletePersistentSubscriptionToAll(group);
    await client.deletePersistentSubscriptionToStream(stream, group);
    await client.dispose();
  });

  it('in the middle of a read leaves the server as it was', async () => {
    const client = EventStoreDBClient.connectionString(store.url);
    const stream = newStream();
    for (let n = 0; n < 20; n += 1) await client.appendToStream(stream, largeEvents(2));
    const reading = client.readStream(stream);
    await once(reading, 'readable');
    reading.destroy();
    await client.dispose();
    expect(await collect(store.client.readStream(stream, { maxCount: 3 }))).toHaveLength(3);
  });
});

/** A store in a process of its own, to be killed. */
async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const { code, execArgv } = programOf('child.fixture');
  const child = spawn(process.execPath, [...execArgv, '-e', code, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

const started: EventStore[] = [];
async function start(options: Partial<EventStoreOptions> = {}): Promise<EventStore> {
  const own = await startEventStore({ dataDir: newDir(), ...options });
  started.push(own);
  return own;
}
afterEach(() => Promise.all(started.splice(0).map((own) => own.close())));

describeEmbedded('a server that is killed', () => {
  it('is unavailable to everything that is under way and whatever comes, until it is back', async () => {
    const dataDir = newDir();
    const { child, url } = await startChild(dataDir);
    const client = EventStoreDBClient.connectionString(url);
    const other = EventStoreDBClient.connectionString(`${url}&keepAliveInterval=20000`);
    const stream = newStream();
    for (let n = 0; n < 20; n += 1) await client.appendToStream(stream, largeEvents(4), login);
    await other.appendToStream(stream, newEvents(1));

    const subscription = client.subscribeToAll();
    const dropped: unknown[] = [];
    subscription.on('error', (error) => dropped.push(error)).on('data', () => undefined);
    await once(subscription, 'caughtUp');
    const reading = (async () => {
      let count = 0;
      for await (const _ of client.readStream(stream, {}, { highWaterMark: 1 })) {
        count += 1;
        if (count === 12) {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        }
      }
    })();
    const readEnd = await failure(reading);
    await eventually(() => dropped.length > 0);
    for (const error of [readEnd, ...dropped]) expect(error).toBeInstanceOf(UnavailableError);
    expect(dropped).toHaveLength(1);

    expect(await failure(client.appendToStream(stream, newEvents(1), login))).toBeInstanceOf(UnavailableError);
    expect(await failure(client.deleteStream(stream))).toBeInstanceOf(UnavailableError);
    expect(await failure(collect(client.readStream(stream)))).toBeInstanceOf(UnavailableError);
    expect(await failure(other.appendToStream(stream, newEvents(1)))).toBeInstanceOf(Error);

    await start({ dataDir, port: Number(new URL(url).port) });
    expect(await collect(client.readStream(stream))).toHaveLength(81);
    for (const each of [client, other]) {
      await each.appendToStream(stream, newEvents(1), login);
      expect(await each.appendToStream(stream, newEvents(1))).toMatchObject({ success: true });
    }
    await Promise.all([client.dispose(), other.dispose()]);
  });
});

describeEmbedded('a server that stops', () => {
  it('ends an append that would never end as unavailable', async () => {
    const own = await start({ maxAppendBytes: 1_000_000_000 });
    const client = EventStoreDBClient.connectionString(own.url);
    const stream = newStream();
    await client.appendToStream(stream, newEvents(4), login);
    let asked = 0;
    const events = endless(() => (asked += 1));
    const append = failure(client.appendToStream(stream, events, { ...login, deadline: Infinity }));
    await eventually(() => asked > 1_000);
    await own.close();
    expect(await append).toBeInstanceOf(UnavailableError);
    await client.dispose();
  });

  it('ends batch appends that come one after the other, so that the client connects anew', async () => {
    const dataDir = newDir();
    const own = await start({ dataDir });
    const client = EventStoreDBClient.connectionString(own.url);
    const stream = newStream();
    let written = 0;
    const writing = (async () => {
      for (;;) {
        const { nextExpectedRevision } = await client.appendToStream(stream, newEvents(1_000));
        written = Number(nextExpectedRevision) + 1;
      }
    })();
    const ended = failure(writing);
    await eventually(() => written > 2_000);
    await own.close();
    const error = await ended;
    expect(error instanceof UnavailableError || error instanceof CancelledError).toBe(true);
    await start({ dataDir, port: own.port });
    const length = (await collect(client.readStream(stream))).length;
    expect([written, written + 1_000]).toContain(length);
    expect(await client.appendToStream(stream, newEvents(1))).toMatchObject({ success: true });
    await client.dispose();
  });

  /** As many events as anybody asks for. */
  function endless(onAsked: () => void): EventData[] {
    const events = (function* (): Generator<EventData> {
      for (;;) {
        onAsked();
        yield jsonEvent({ type: 'endless', data: { text: 'x'.repeat(100) } });
      }
    })();
    return new Proxy([], {
      get: (target, key) => (key === Symbol.iterator ? () => events : (Reflect.get(target, key) as unknown)),
    });
  }
});
