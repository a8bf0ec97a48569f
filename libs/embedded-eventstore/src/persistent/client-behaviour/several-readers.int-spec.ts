import {
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  RETRY,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { eventually, useStore } from '../../store.fixture';
import { freshName, numbered, TestReader } from '../test-reader.fixture';
import { xxHash32 } from '../xxhash32';

const store = useStore();

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
const leaveAll = (...readers: TestReader[]) =>
  Promise.all(readers.map(({ subscription }) => subscription.unsubscribe()));

async function confirmed(reader: TestReader): Promise<TestReader> {
  await eventually(() => reader.confirmed, 'confirmation');
  return reader;
}

describe('events of one stream, pinned', () => {
  /** A group, and a way to append to `count` streams of different buckets: two of one bucket would share a reader. */
  const pinned = async (count: number) => {
    const mark = freshName('pinned');
    const byBucket = new Map<number, string>();
    for (let n = 0; byBucket.size < count; n += 1) {
      const stream = `${mark}-${n}`;
      const bucket = xxHash32(Buffer.from(stream, 'utf8')) % 1_024;
      if (!byBucket.has(bucket)) byBucket.set(bucket, stream);
    }
    const filter = streamNameFilter({ prefixes: [`${mark}-`] });
    const settings = toAll({ startFrom: START, consumerStrategyName: 'Pinned' });
    await store.client.createPersistentSubscriptionToAll(mark, settings, { filter });
    const append = async (n: number) => {
      for (const stream of byBucket.values()) await store.client.appendToStream(stream, numbered(n, n));
    };
    return { mark, append };
  };
  const streamsOf = (reader: TestReader, from = 0) =>
    new Set(reader.delivered.slice(from).map(({ event }) => event?.streamId));

  it('come again to the reader that gave them back', async () => {
    const { mark, append } = await pinned(6);
    const one = await confirmed(TestReader.onAll(store.client, mark, 50));
    const other = await confirmed(TestReader.onAll(store.client, mark, 50));
    await append(1);
    await eventually(() => one.delivered.length + other.delivered.length === 6, 'six events');
    const held = [streamsOf(one), streamsOf(other)];
    for (const reader of [one, other]) await reader.subscription.nack(RETRY, '', ...reader.delivered);
    await eventually(() => one.delivered.length + other.delivered.length === 12, 'six events again');
    expect([streamsOf(one), streamsOf(other)]).toEqual(held);
    await leaveAll(one, other);
  });

  it('wait for their reader while it is full, and those of others go on', async () => {
    const { mark, append } = await pinned(8);
    const full = await confirmed(TestReader.onAll(store.client, mark, 1));
    const free = await confirmed(TestReader.onAll(store.client, mark, 100));
    await free.ackAll();
    await append(1);
    await append(2);
    await free.until(8);
    await full.until(1);
    expect(full.delivered).toHaveLength(1);
    await full.ackAll();
    await full.until(8);
    for (const stream of streamsOf(full)) expect(streamsOf(free)).not.toContain(stream);
    await leaveAll(full, free);
  });

  it('move to others when their reader leaves, and some to one that comes', async () => {
    const { mark, append } = await pinned(12);
    const first = await confirmed(TestReader.onAll(store.client, mark, 100));
    await first.ackAll();
    await append(1);
    await first.until(12);
    const second = await confirmed(TestReader.onAll(store.client, mark, 100));
    await second.ackAll();
    await append(2);
    await eventually(() => first.delivered.length + second.delivered.length === 24, 'the second round');
    expect(streamsOf(second).size).toBe(6);
    await first.subscription.unsubscribe();
    await eventually(
      async () => (await store.client.getPersistentSubscriptionToAllInfo(mark)).connections.length === 1,
      'one reader',
    );
    const before = second.delivered.length;
    await append(3);
    await second.until(before + 12);
    expect(streamsOf(second, before).size).toBe(12);
    await second.subscription.unsubscribe();
  });
});

describe('dispatch to single', () => {
  it('stays with the next reader once the first was full', async () => {
    const stream = freshName('single');
    const settings = toStream({ startFrom: START, consumerStrategyName: 'DispatchToSingle' });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', settings);
    const one = await confirmed(TestReader.onStream(store.client, stream, 'g', 2));
    const other = await confirmed(TestReader.onStream(store.client, stream, 'g', 2));
    await store.client.appendToStream(stream, numbered(1, 3));
    await one.until(2);
    await other.until(1);
    await one.subscription.ack(...one.delivered);
    await eventually(async () => (await infoOf(stream)).stats.outstandingMessagesCount === 1, 'acks');
    await store.client.appendToStream(stream, numbered(4, 5));
    await other.until(2);
    await one.until(3);
    expect([one.seen, other.seen]).toEqual([
      ['1/0', '2/0', '5/0'],
      ['3/0', '4/0'],
    ]);
    await leaveAll(one, other);
  });
});

describe('many events at once', () => {
  it.each([
    ['DispatchToSingle', Array.from({ length: 100 }, (_, i) => i + 1)],
    ['RoundRobin', Array.from({ length: 60 }, (_, i) => 2 * i + 1)],
  ] as const)('are shared as the strategy %s says, however fast they are sent', async (consumerStrategyName, first) => {
    const stream = freshName('at-once');
    const settings = toStream({ startFrom: START, consumerStrategyName });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', settings);
    const one = await confirmed(TestReader.onStream(store.client, stream, 'g', 100));
    const other = await confirmed(TestReader.onStream(store.client, stream, 'g', 100));
    await store.client.appendToStream(stream, numbered(1, 120));
    await eventually(() => one.delivered.length + other.delivered.length === 120, 'all events');
    expect(one.seen).toEqual(first.map((n) => `${n}/0`));
    await leaveAll(one, other);
  });
});

describe('the number of readers', () => {
  it('may be raised by an update', async () => {
    const stream = freshName('most');
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ maxSubscriberCount: 1 }));
    const first = await confirmed(TestReader.onStream(store.client, stream, 'g'));
    expect(await TestReader.onStream(store.client, stream, 'g').error()).toMatchObject({
      type: 'maximum-subscribers-reached',
    });
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream({ maxSubscriberCount: 2 }));
    await first.error();
    const readers = [1, 2].map(() => TestReader.onStream(store.client, stream, 'g'));
    for (const reader of readers) await confirmed(reader);
    expect(await TestReader.onStream(store.client, stream, 'g').error()).toMatchObject({
      type: 'maximum-subscribers-reached',
    });
    await leaveAll(...readers);
  });

  it('goes down when one leaves before it has been confirmed', async () => {
    const stream = freshName('hasty');
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ maxSubscriberCount: 1 }));
    for (let n = 0; n < 5; n += 1) await TestReader.onStream(store.client, stream, 'g').subscription.unsubscribe();
    await eventually(async () => (await infoOf(stream)).connections.length === 0, 'nobody left');
    const reader = await confirmed(TestReader.onStream(store.client, stream, 'g'));
    await reader.subscription.unsubscribe();
  });
});

describe('a group with buffers smaller than what is written', () => {
  it('gives every event out once, in order to a single reader, while writers go on', async () => {
    const mark = freshName('keeping-up');
    const filter = streamNameFilter({ prefixes: [mark] });
    const small = toAll({ startFrom: START, readBatchSize: 5, historyBufferSize: 30, liveBufferSize: 10 });
    await store.client.createPersistentSubscriptionToAll(mark, small, { filter });
    const write = async (writer: number) => {
      for (let n = 0; n < 60; n += 1)
        await store.client.appendToStream(`${mark}-${writer}`, numbered(5 * n + 1, 5 * n + 5));
    };
    const writing = Promise.all([0, 1, 2, 3].map(write));
    const reader = TestReader.onAll(store.client, mark, 7);
    await reader.ackAll();
    await writing;
    await reader.until(1_200);
    const positions = reader.delivered.map(({ event }) => event!.position!.commit);
    expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(positions).size).toBe(1_200);
    await eventually(
      async () => (await store.client.getPersistentSubscriptionToAllInfo(mark)).stats.outstandingMessagesCount === 0,
      'all acks',
    );
    expect(reader.delivered).toHaveLength(1_200);
    await reader.subscription.unsubscribe();
  });
});
