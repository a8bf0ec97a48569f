import {
  END,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  PINNED,
  START,
} from '@eventstore/db-client';
import { ListReq } from '@eventstore/db-client/generated/persistent_pb';
import { eventually, itEmbedded, TestStore, useStore } from '../../store.fixture';
import { freshName, numbered, streamOf, TestReader } from '../test-reader.fixture';
import { RawGroups } from './raw-groups.fixture';

const store = useStore();

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
const often = { checkPointLowerBound: 1, checkPointUpperBound: 1 } as const;

async function groupWith(events: number, changes: Parameters<typeof toStream>[0] = {}): Promise<string> {
  const stream = freshName('changed');
  await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return stream;
}

describe('updating a group', () => {
  it('gives what was in flight out again, from the beginning of its count', async () => {
    const stream = await groupWith(3);
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(3);
    await store.client.updatePersistentSubscriptionToStream(
      stream,
      'g',
      toStream({ startFrom: START, consumerStrategyName: PINNED }),
    );
    await reader.error();
    const again = TestReader.onStream(store.client, stream, 'g');
    await again.until(3);
    expect(again.seen).toEqual(['1/0', '2/0', '3/0']);
    expect((await infoOf(stream)).settings.consumerStrategyName).toBe(PINNED);
    await again.subscription.unsubscribe();
  });

  it('does not go back to a new start once there is a checkpoint, and keeps what is parked', async () => {
    const stream = await groupWith(4, often);
    const reader = TestReader.onStream(store.client, stream, 'g');
    const [one, two, three] = await reader.until(4);
    await reader.subscription.ack(one!, three!);
    await reader.subscription.nack(PARK, '', two!);
    await eventually(async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === 2n, 'a checkpoint');
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: 0n, ...often }));
    await reader.error();
    const again = TestReader.onStream(store.client, stream, 'g');
    await again.until(1);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await again.until(2);
    expect(again.seen).toEqual(['4/0', '2/0']);
    await again.subscription.unsubscribe();
  });

  it('that is refused changes nothing: readers stay, and the settings too', async () => {
    const stream = await groupWith(1, { maxRetryCount: 3 });
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(1);
    await expect(
      store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream({ readBatchSize: 600 })),
    ).rejects.toMatchObject({ type: 'persistent-subscription-failed' });
    await reader.subscription.ack(reader.delivered[0]!);
    await store.client.appendToStream(stream, numbered(2, 2));
    await reader.until(2);
    expect((await infoOf(stream)).settings.maxRetryCount).toBe(3);
    expect(reader.errors).toEqual([]);
    await reader.subscription.unsubscribe();
  });

  it('to the end of $all skips what it had not given out, and gives the event of the change', async () => {
    const group = freshName('to-end');
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START }));
    await store.client.appendToStream(group, numbered(1, 2));
    await store.client.updatePersistentSubscriptionToAll(group, toAll({ startFrom: END }));
    await store.client.appendToStream(group, numbered(3, 3));
    const reader = TestReader.onAll(store.client, group);
    await reader.until(2);
    expect(reader.delivered.map(({ event }) => event?.type)).toEqual(['$PersistentConfig', 'Counted']);
    expect(reader.seen[1]).toBe('3/0');
    await reader.subscription.unsubscribe();
  });

  it('of $all in the form of a stream is refused before the group is looked for', async () => {
    await expect(store.client.updatePersistentSubscriptionToStream('$all', 'nobody', toStream())).rejects.toMatchObject(
      {
        type: 'persistent-subscription-failed',
        reason: 'Persistent subscriptions to $all are only supported over gRPC through gRPC clients',
      },
    );
  });
});

describe('deleting a group', () => {
  it('takes its checkpoint and parked streams with it, and nothing of other groups', async () => {
    const stream = await groupWith(2, often);
    await store.client.createPersistentSubscriptionToStream(stream, 'other', toStream({ startFrom: START, ...often }));
    for (const group of ['g', 'other']) {
      const reader = TestReader.onStream(store.client, stream, group);
      const [one, two] = await reader.until(2);
      await reader.subscription.nack(PARK, '', one!);
      await reader.subscription.ack(two!);
      const { client: c } = store;
      await eventually(
        async () =>
          (await c.getPersistentSubscriptionToStreamInfo(stream, group)).stats.lastCheckpointedEventRevision === 1n,
        'a checkpoint',
      );
      await reader.subscription.unsubscribe();
    }
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    const streamsOf = (group: string) =>
      ['checkpoint', 'parked'].map((what) =>
        streamOf(store.client, `$persistentsubscription-${stream}::${group}-${what}`),
      );
    for (const gone of await Promise.allSettled(streamsOf('g'))) {
      expect(gone).toMatchObject({ status: 'rejected', reason: { type: 'stream-not-found' } });
    }
    const [checkpoints, parked] = await Promise.all(streamsOf('other'));
    expect(checkpoints?.at(-1)).toMatchObject({ type: '$SubscriptionCheckpoint', data: '1' });
    expect(parked).toHaveLength(1);
    await expect(store.client.deletePersistentSubscriptionToStream(stream, 'g')).rejects.toMatchObject({
      type: 'persistent-subscription-does-not-exist',
    });
  });

  it.each([
    ['$all', 'Persistent subscriptions to $all are only supported over gRPC through gRPC clients'],
    ['', 'Bad stream name.'],
  ])('of stream %j is refused', async (stream, reason) => {
    await expect(store.client.deletePersistentSubscriptionToStream(stream, 'g')).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      streamName: stream,
      reason,
    });
  });
});

describe('restarting the subsystem', () => {
  it('drops readers, forgets retries, and goes on after the checkpoints', async () => {
    const stream = await groupWith(4, often);
    const reader = TestReader.onStream(store.client, stream, 'g');
    const [one] = await reader.until(4);
    await reader.subscription.ack(one!);
    await eventually(async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === 0n, 'a checkpoint');
    await store.client.restartPersistentSubscriptionSubsystem();
    expect(await reader.error()).toMatchObject({ type: 'persistent-subscription-dropped', streamName: stream });
    const again = TestReader.onStream(store.client, stream, 'g');
    await again.until(3);
    expect(again.seen).toEqual(['2/0', '3/0', '4/0']);
    await again.subscription.unsubscribe();
  });

  it('forgets streams that have no group any more', async () => {
    const stream = await groupWith(1);
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    expect(await store.client.listPersistentSubscriptionsToStream(stream)).toEqual([]);
    await store.client.restartPersistentSubscriptionSubsystem();
    await expect(store.client.listPersistentSubscriptionsToStream(stream)).rejects.toMatchObject({
      type: 'persistent-subscription-does-not-exist',
      streamName: stream,
      groupName: '',
    });
  });
});

describe('listing groups', () => {
  itEmbedded('finds none in a new store, and none of $all there', async () => {
    const fresh = new TestStore();
    await fresh.open();
    try {
      expect(await fresh.client.listAllPersistentSubscriptions()).toEqual([]);
      await expect(fresh.client.listPersistentSubscriptionsToAll()).rejects.toMatchObject({
        type: 'persistent-subscription-does-not-exist',
        message: '5 NOT_FOUND: Subscription group  on stream $all does not exist.',
        streamName: '$all',
      });
    } finally {
      await fresh.close();
    }
  });

  it('shows each as its info does, with who reads it', async () => {
    const stream = await groupWith(3, { extraStatistics: true });
    await store.client.createPersistentSubscriptionToAll(stream, toAll({ startFrom: START, extraStatistics: true }));
    const readers = [TestReader.onStream(store.client, stream, 'g'), TestReader.onAll(store.client, stream)];
    for (const reader of readers) await reader.ackAll();
    const ours = async () =>
      (await store.client.listAllPersistentSubscriptions()).filter(
        ({ eventSource, groupName }) => eventSource === stream || groupName === stream,
      );
    const measured = (list: Awaited<ReturnType<typeof ours>>) =>
      list.every(({ connections }) => connections[0]?.extraStatistics?.get('quintile 3') !== undefined);
    await eventually(async () => measured(await ours()), 'measurements');
    const [ofAll, ofStream] = await ours();
    expect([ofAll, ofStream]).toMatchObject([
      { eventSource: '$all', groupName: stream, connections: [{ username: 'system' }] },
      { eventSource: stream, groupName: 'g', connections: [{ connectionName: store.client.connectionName }] },
    ]);
    expect(ofStream?.settings).toEqual((await infoOf(stream)).settings);
    expect((await store.client.listPersistentSubscriptionsToStream(stream))[0]?.settings).toEqual(ofStream?.settings);
    for (const { subscription } of readers) await subscription.unsubscribe();
  });

  it('needs a request that says which', async () => {
    const raw = new RawGroups(store);
    await expect(raw.list()).rejects.toMatchObject({ code: 2 });
    await expect(raw.list(new ListReq.Options())).rejects.toMatchObject({ code: 2 });
    raw.close();
  });
});
