import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  END,
  EventStoreDBClient,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { startEventStore } from '..';
import { eventually, itEmbedded, TestStore } from '../store.fixture';
import { freshName, numbered, streamOf, TestReader } from './test-reader.fixture';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.open();
});
afterEach(() => store.close());

const eager = { checkPointLowerBound: 1, checkPointAfter: 1 } as const;
const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');

async function groupWith(events: number, changes: Parameters<typeof toStream>[0]): Promise<string> {
  const stream = freshName('restart');
  await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return stream;
}

async function ackFirst(stream: string, count: number, bufferSize = 20): Promise<TestReader> {
  const reader = TestReader.onStream(store.client, stream, 'g', bufferSize);
  await reader.until(count);
  await reader.subscription.ack(...reader.delivered.slice(0, count));
  return reader;
}

const checkpointed = (stream: string, revision: bigint) =>
  eventually(
    async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === revision,
    `a checkpoint at ${revision}`,
  );

describe('a restart', () => {
  itEmbedded('goes on strictly after the checkpoint, and what was not answered comes again', async () => {
    const stream = await groupWith(12, eager);
    await ackFirst(stream, 10);
    await checkpointed(stream, 9n);
    await store.restart();
    expect((await infoOf(stream)).stats.lastCheckpointedEventRevision).toBe(9n);
    const reader = TestReader.onStream(store.client, stream, 'g');
    await store.client.appendToStream(stream, numbered(13, 13));
    await reader.until(3);
    expect(reader.seen).toEqual(['11/0', '12/0', '13/0']);
    await reader.subscription.unsubscribe();
  });

  itEmbedded('repeats fewer finished events than the lower bound', async () => {
    const stream = await groupWith(9, { checkPointLowerBound: 10, checkPointAfter: 1 });
    const first = await ackFirst(stream, 9);
    await eventually(async () => (await infoOf(stream)).stats.outstandingMessagesCount === 0, 'all acks');
    await first.subscription.unsubscribe();
    await store.restart();
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(9);
    expect(reader.seen[0]).toBe('1/0');
    await reader.subscription.unsubscribe();
  });

  itEmbedded('loses nothing for groups that began at the end, and shows them nothing older', async () => {
    const stream = freshName('end');
    await store.client.appendToStream(stream, numbered(1, 3));
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: END }));
    await store.client.createPersistentSubscriptionToAll('all', toAll({ startFrom: END }));
    await store.client.appendToStream(stream, numbered(4, 5));
    await store.restart();
    const settings = (await infoOf(stream)).settings;
    expect(settings).toEqual(toStream({ startFrom: END }));
    const [onStream, onAll] = [TestReader.onStream(store.client, stream, 'g'), TestReader.onAll(store.client, 'all')];
    await onStream.until(2);
    await onAll.until(3);
    expect(onStream.seen).toEqual(['4/0', '5/0']);
    expect(onAll.delivered[0]?.event?.type).toBe('$PersistentConfig');
    expect(onAll.seen.slice(1)).toEqual(['4/0', '5/0']);
    await onStream.subscription.unsubscribe();
    await onAll.subscription.unsubscribe();
  });

  itEmbedded('keeps settings, filters, checkpoints by position and parked events', async () => {
    const stream = freshName('kept');
    const settings = toAll({ startFrom: START, ...eager, consumerStrategyName: 'Pinned', messageTimeout: 1_234 });
    const filter = streamNameFilter({ prefixes: [stream] });
    await store.client.createPersistentSubscriptionToAll('g', settings, { filter });
    await store.client.appendToStream(stream, numbered(1, 3));
    await store.client.appendToStream(freshName('other'), numbered(7, 9));
    const reader = TestReader.onAll(store.client, 'g');
    const [one, two, three] = await reader.until(3);
    await reader.subscription.ack(one!, three!);
    await reader.subscription.nack(PARK, '', two!);
    const info = () => store.client.getPersistentSubscriptionToAllInfo('g');
    await eventually(async () => (await info()).stats.parkedMessageCount === 1n, 'one parked');
    await eventually(
      async () =>
        ((await info()).stats.lastCheckpointedEventPosition?.commit ?? 0n) >= (three?.event?.position?.commit ?? 1n),
      'a checkpoint behind the last event',
    );
    await store.restart();
    expect(await info()).toMatchObject({ settings, stats: { parkedMessageCount: 1n } });
    const again = TestReader.onAll(store.client, 'g');
    await store.client.appendToStream(freshName('other'), numbered(10, 10));
    await store.client.appendToStream(stream, numbered(4, 4));
    await again.until(1);
    await store.client.replayParkedMessagesToAll('g');
    await again.until(2);
    expect(again.seen).toEqual(['4/0', '2/0']);
    await again.subscription.unsubscribe();
  });

  itEmbedded('is not kept from happening by what somebody else wrote to the system streams', async () => {
    const stream = await groupWith(3, eager);
    const reader = await ackFirst(stream, 3);
    await checkpointed(stream, 2n);
    await reader.subscription.unsubscribe();
    await store.client.appendToStream('$persistentSubscriptionConfig', numbered(1, 2));
    await store.client.appendToStream(`$persistentsubscription-${stream}::g-checkpoint`, numbered(1, 1));
    await store.restart();
    const again = TestReader.onStream(store.client, stream, 'g');
    await again.until(3);
    expect(again.seen).toEqual(['1/0', '2/0', '3/0']);
    await store.client.createPersistentSubscriptionToStream(stream, 'another', toStream());
    await again.subscription.unsubscribe();
  });

  itEmbedded('tells every reader that it was dropped', async () => {
    const stream = await groupWith(1, {});
    const readers = [1, 2].map(() => TestReader.onStream(store.client, stream, 'g'));
    await eventually(() => readers.every(({ confirmed }) => confirmed), 'readers');
    await store.stopServer();
    for (const reader of readers) {
      expect(await reader.error()).toMatchObject({ type: 'persistent-subscription-dropped', groupName: 'g' });
    }
  });

  itEmbedded('after a kill finds what was acknowledged and repeats the rest', async () => {
    const stream = await groupWith(40, { ...eager, checkPointUpperBound: 5 });
    const reader = await ackFirst(stream, 20);
    await checkpointed(stream, 19n);
    // What a killed process leaves behind: the files as they are this moment.
    const left = await mkdtemp(join(tmpdir(), 'hark-killed-'));
    await cp(store.dataDir, left, { recursive: true });
    await reader.subscription.unsubscribe();
    const revived = await startEventStore({ dataDir: left, port: 0 });
    const client = EventStoreDBClient.connectionString(revived.url);
    const again = TestReader.onStream(client, stream, 'g', 50);
    await again.until(20);
    expect(again.seen).toEqual(Array.from({ length: 20 }, (_, i) => `${i + 21}/0`));
    await again.subscription.unsubscribe();
    await client.dispose();
    await revived.close();
    await rm(left, { recursive: true });
  });
});

describe('checkpoints', () => {
  it('are events of a stream of their own, at the upper bound at once', async () => {
    const stream = await groupWith(6, { checkPointUpperBound: 3, checkPointAfter: 0 });
    const reader = await ackFirst(stream, 6);
    await checkpointed(stream, 5n);
    const events = await streamOf(store.client, `$persistentsubscription-${stream}::g-checkpoint`);
    expect(events.at(-1)).toMatchObject({ type: '$SubscriptionCheckpoint', data: '5' });
    await reader.subscription.unsubscribe();
  });

  it('stay below what is not answered', async () => {
    const stream = await groupWith(6, { checkPointUpperBound: 1 });
    const reader = TestReader.onStream(store.client, stream, 'g');
    const events = await reader.until(6);
    await reader.subscription.ack(...events.filter((_, i) => i !== 3));
    await checkpointed(stream, 2n);
    await reader.subscription.ack(events[3]!);
    await checkpointed(stream, 5n);
    await reader.subscription.unsubscribe();
  });

  it('outlive an update and a restart of the subsystem, but not the group', async () => {
    const stream = await groupWith(4, eager);
    await ackFirst(stream, 4);
    await checkpointed(stream, 3n);
    await store.client.updatePersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    expect((await infoOf(stream)).stats.lastCheckpointedEventRevision).toBe(3n);
    await store.client.restartPersistentSubscriptionSubsystem();
    await store.client.appendToStream(stream, numbered(5, 5));
    const after = TestReader.onStream(store.client, stream, 'g');
    await after.until(1);
    expect(after.seen).toEqual(['5/0']);
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    await expect(streamOf(store.client, `$persistentsubscription-${stream}::g-checkpoint`)).rejects.toMatchObject({
      type: 'stream-not-found',
    });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...eager }));
    const anew = TestReader.onStream(store.client, stream, 'g');
    await anew.until(5);
    expect(anew.seen[0]).toBe('1/0');
    await anew.subscription.ack(...anew.delivered);
    await checkpointed(stream, 4n);
    await anew.subscription.unsubscribe();
  });
});
