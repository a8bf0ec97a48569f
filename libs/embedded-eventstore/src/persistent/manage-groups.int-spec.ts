import {
  BACKWARDS,
  END,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  START,
  streamNameFilter,
  UNBOUNDED,
} from '@eventstore/db-client';
import { eventually, useStore } from '../store.fixture';
import { freshName, numbered, TestReader } from './test-reader.fixture';

const store = useStore();

const outOfRange =
  "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')";

describe('settings', () => {
  const unusual = {
    resolveLinkTos: true,
    extraStatistics: true,
    messageTimeout: 0,
    maxRetryCount: 0,
    checkPointAfter: 0,
    checkPointLowerBound: 7,
    checkPointUpperBound: 1,
    maxSubscriberCount: 3,
    liveBufferSize: 11,
    readBatchSize: 12,
    historyBufferSize: 13,
  } as const;

  it.each([
    ['defaults', {}],
    ['start', { startFrom: START }],
    ['end', { startFrom: END }],
    ['a revision that does not exist yet', { startFrom: 5n, maxSubscriberCount: UNBOUNDED }],
    ['the largest revision', { startFrom: 9223372036854775807n }],
    ['unusual values', unusual],
    ['dispatch to single', { consumerStrategyName: 'DispatchToSingle' }],
    ['pinned', { consumerStrategyName: 'Pinned' }],
  ] as const)('of a group on a stream come back as they were given: %s', async (_, changes) => {
    const stream = freshName('settings');
    const settings = toStream(changes);
    await store.client.createPersistentSubscriptionToStream(stream, 'g', settings);
    const info = await store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
    expect(info).toMatchObject({ eventSource: stream, groupName: 'g', connections: [], settings });
    expect(info.stats).toMatchObject({
      parkedMessageCount: 0n,
      totalItems: 0n,
      outstandingMessagesCount: 0,
      lastKnownEventRevision: undefined,
      lastCheckpointedEventRevision: undefined,
    });
  });

  it.each([
    ['defaults', {}],
    ['start', { startFrom: START }],
    ['a position', { startFrom: { commit: 1n, prepare: 1n } }],
    ['a position without prepare', { startFrom: { commit: 1n, prepare: 0n } }],
    ['unusual values', unusual],
  ] as const)('of a group on $all come back as they were given: %s', async (_, changes) => {
    const group = freshName('settings');
    const settings = toAll(changes);
    await store.client.createPersistentSubscriptionToAll(group, settings);
    const info = await store.client.getPersistentSubscriptionToAllInfo(group);
    expect(info).toMatchObject({ eventSource: '$all', groupName: group, connections: [], settings });
    expect('lastKnownEventRevision' in info.stats).toBe(false);
  });

  it('are replaced by an update', async () => {
    const stream = freshName('updated');
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: END }));
    const settings = toStream({ startFrom: 123n, checkPointLowerBound: 12, maxSubscriberCount: 200 });
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', settings);
    expect((await store.client.getPersistentSubscriptionToStreamInfo(stream, 'g')).settings).toEqual(settings);
  });
});

describe('create', () => {
  it('refuses a group that exists, naming both', async () => {
    const stream = freshName('exists');
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream());
    await expect(store.client.createPersistentSubscriptionToStream(stream, 'g', toStream())).rejects.toMatchObject({
      type: 'persistent-subscription-exists',
      message: `6 ALREADY_EXISTS: Subscription group g on stream ${stream} exists.`,
      streamName: stream,
      groupName: 'g',
    });
    await store.client.createPersistentSubscriptionToAll(stream, toAll());
    await expect(store.client.createPersistentSubscriptionToAll(stream, toAll())).rejects.toMatchObject({
      type: 'persistent-subscription-exists',
      streamName: '$all',
      groupName: stream,
    });
  });

  it('looks at the start position, then at the group, then at the buffers', async () => {
    const group = freshName('checks');
    const create = (changes: Parameters<typeof toAll>[0]) =>
      store.client.createPersistentSubscriptionToAll(group, toAll(changes));
    const badBuffers = { readBatchSize: 500, historyBufferSize: 500 };
    const beyond = { startFrom: { commit: 1_000_000_000_000n, prepare: 0n } };
    await expect(create(badBuffers)).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      message: `13 INTERNAL: Subscription group ${group} on stream $all failed: '${outOfRange}'`,
      streamName: '$all',
      groupName: group,
      reason: outOfRange,
    });
    await expect(create({ startFrom: { commit: 1n, prepare: 2n } })).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      reason: 'Invalid Start From position: prepare position must be less than or equal to the commit position.',
    });
    await expect(create(beyond)).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      reason:
        'Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.',
    });
    await create({});
    await expect(create({ ...badBuffers, ...beyond })).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
    });
    await expect(create(badBuffers)).rejects.toMatchObject({ type: 'persistent-subscription-exists' });
  });

  it('refuses $all in the form of a stream, and a stream without a name', async () => {
    await expect(store.client.createPersistentSubscriptionToStream('$all', 'g', toStream())).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      streamName: '$all',
      reason: 'Persistent subscriptions to $all are only supported over gRPC through gRPC clients',
    });
    await expect(store.client.createPersistentSubscriptionToStream('', 'g', toStream())).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      reason: 'Bad stream name.',
    });
  });

  it('takes names outside ASCII', async () => {
    const stream = `${freshName('names')}/어학연구소 ヽ༼ຈل͜ຈ༽ﾉ`;
    await store.client.createPersistentSubscriptionToStream(stream, '組', toStream());
    await expect(store.client.createPersistentSubscriptionToStream(stream, '組', toStream())).rejects.toMatchObject({
      type: 'persistent-subscription-exists',
      message: expect.stringContaining(`Subscription group 組 on stream ${stream} exists.`),
    });
    expect(await store.client.getPersistentSubscriptionToStreamInfo(stream, '組')).toMatchObject({ groupName: '組' });
  });
});

describe('a group that does not exist', () => {
  const absent = (stream: string) => ({
    type: 'persistent-subscription-does-not-exist',
    message: `5 NOT_FOUND: Subscription group nobody on stream ${stream} does not exist.`,
    streamName: stream,
    groupName: 'nobody',
  });

  it.each([
    ['update', () => store.client.updatePersistentSubscriptionToStream('s', 'nobody', toStream())],
    ['delete', () => store.client.deletePersistentSubscriptionToStream('s', 'nobody')],
    ['info', () => store.client.getPersistentSubscriptionToStreamInfo('s', 'nobody')],
    ['replay', () => store.client.replayParkedMessagesToStream('s', 'nobody')],
  ])('cannot be had: %s on a stream', async (_, call) => {
    await expect(call()).rejects.toMatchObject(absent('s'));
  });

  it.each([
    ['update', () => store.client.updatePersistentSubscriptionToAll('nobody', toAll())],
    ['delete', () => store.client.deletePersistentSubscriptionToAll('nobody')],
    ['info', () => store.client.getPersistentSubscriptionToAllInfo('nobody')],
    ['replay', () => store.client.replayParkedMessagesToAll('nobody')],
  ])('cannot be had: %s on $all', async (_, call) => {
    await expect(call()).rejects.toMatchObject(absent('$all'));
  });

  it('cannot be read', async () => {
    expect(await TestReader.onStream(store.client, 's', 'nobody').error()).toMatchObject(absent('s'));
    expect(await TestReader.onAll(store.client, 'nobody').error()).toMatchObject(absent('$all'));
  });

  it('is what an update with bad settings meets first', async () => {
    const settings = toAll({ startFrom: { commit: 1n, prepare: 2n } });
    await expect(store.client.updatePersistentSubscriptionToAll('nobody', settings)).rejects.toMatchObject(
      absent('$all'),
    );
  });
});

describe('update', () => {
  it('checks what create checks', async () => {
    const group = freshName('update-checks');
    await store.client.createPersistentSubscriptionToAll(group, toAll());
    const update = (changes: Parameters<typeof toAll>[0]) =>
      store.client.updatePersistentSubscriptionToAll(group, toAll(changes));
    await expect(update({ startFrom: { commit: 1n, prepare: 2n } })).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
    });
    await expect(update({ readBatchSize: 500 })).rejects.toMatchObject({ reason: outOfRange });
  });

  it('keeps the filter and begins again at a new start while there is no checkpoint', async () => {
    const group = freshName('keeps');
    const stream = freshName('kept');
    await store.client.appendToStream(stream, numbered(1, 2));
    const filter = streamNameFilter({ prefixes: [stream] });
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: END }), { filter });
    await store.client.updatePersistentSubscriptionToAll(group, toAll({ startFrom: START }));
    const reader = TestReader.onAll(store.client, group);
    await store.client.appendToStream(stream, numbered(3, 3));
    await reader.until(3);
    expect(reader.seen).toEqual(['1/0', '2/0', '3/0']);
    await reader.subscription.unsubscribe();
  });

  it('drops every reader, as deleting and restarting do', async () => {
    const stream = freshName('drops');
    const readers = async () => {
      const both = [TestReader.onStream(store.client, stream, 'g'), TestReader.onStream(store.client, stream, 'g')];
      await eventually(() => both.every(({ confirmed }) => confirmed), 'two readers');
      return both;
    };
    const dropped = {
      type: 'persistent-subscription-dropped',
      message: `1 CANCELLED: Subscription group g on stream ${stream} was dropped.`,
      streamName: stream,
      groupName: 'g',
    };
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream());
    const first = await readers();
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream());
    for (const reader of first) expect(await reader.error()).toMatchObject(dropped);
    const second = await readers();
    await store.client.restartPersistentSubscriptionSubsystem();
    for (const reader of second) expect(await reader.error()).toMatchObject(dropped);
    const third = await readers();
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    for (const reader of third) expect(await reader.error()).toMatchObject(dropped);
  });
});

describe('list', () => {
  it('names all groups by stream, and those of one stream', async () => {
    const stream = freshName('list');
    const [first, second] = [`${stream}-a`, `${stream}-b`];
    const settings = toStream({ startFrom: 2n, maxRetryCount: 12 });
    await store.client.createPersistentSubscriptionToStream(second, 'one', toStream());
    await store.client.createPersistentSubscriptionToStream(first, 'two', settings);
    await store.client.createPersistentSubscriptionToStream(first, 'one', toStream());
    const names = (list: { eventSource: string; groupName: string }[]) =>
      list.filter(({ eventSource }) => eventSource.startsWith(stream)).map((i) => `${i.eventSource}::${i.groupName}`);
    expect(names(await store.client.listAllPersistentSubscriptions())).toEqual([
      `${first}::two`,
      `${first}::one`,
      `${second}::one`,
    ]);
    const onFirst = await store.client.listPersistentSubscriptionsToStream(first);
    expect(onFirst.map(({ groupName }) => groupName)).toEqual(['two', 'one']);
    expect(onFirst[0]?.settings).toEqual(settings);
  });

  it('does not exist for a stream that never had a group, and is empty after its last one was deleted', async () => {
    const stream = freshName('never');
    await expect(store.client.listPersistentSubscriptionsToStream(stream)).rejects.toMatchObject({
      type: 'persistent-subscription-does-not-exist',
      message: `5 NOT_FOUND: Subscription group  on stream ${stream} does not exist.`,
      streamName: stream,
      groupName: '',
    });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream());
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    expect(await store.client.listPersistentSubscriptionsToStream(stream)).toEqual([]);
  });

  it('holds the groups of $all', async () => {
    const group = freshName('list-all');
    await store.client.createPersistentSubscriptionToAll(group, toAll());
    const list = await store.client.listPersistentSubscriptionsToAll();
    expect(list.filter(({ groupName }) => groupName === group)).toMatchObject([{ eventSource: '$all' }]);
  });
});

describe('$PersistentConfig', () => {
  it('is written at creation, update and deletion', async () => {
    const stream = freshName('config');
    const count = async () => {
      let found = 0;
      for await (const { event } of store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 500 })) {
        if (event?.type === '$PersistentConfig') found += 1;
      }
      return found;
    };
    const before = await count();
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream());
    expect(await count()).toBe(before + 1);
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream({ maxRetryCount: 1 }));
    expect(await count()).toBe(before + 2);
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    expect(await count()).toBe(before + 3);
  });
});

it('restarting the subsystem works without any reader', async () => {
  await expect(store.client.restartPersistentSubscriptionSubsystem()).resolves.toBeUndefined();
});
