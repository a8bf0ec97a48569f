import {
  eventTypeFilter,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  SKIP,
  START,
} from '@eventstore/db-client';
import { eventually, itEmbedded, useStore } from '../../store.fixture';
import { freshName, numbered, streamOf, TestReader } from '../test-reader.fixture';

const store = useStore();

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
const checkpointed = (stream: string, revision: bigint) =>
  eventually(
    async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === revision,
    `a checkpoint at ${revision}`,
  );

async function groupWith(events: number, changes: Parameters<typeof toStream>[0]): Promise<string> {
  const stream = freshName('checkpointed');
  await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return stream;
}

it('a checkpoint of $all is a position as text, the last two are kept, and what a filter leaves out counts', async () => {
  const { client } = store;
  const type = freshName('type');
  const settings = toAll({ startFrom: START, checkPointLowerBound: 1, checkPointUpperBound: 1 });
  await client.createPersistentSubscriptionToAll(type, settings, { filter: eventTypeFilter({ regex: `^${type}$` }) });
  const reader = TestReader.onAll(client, type);
  await reader.ackAll();
  await client.appendToStream(type, numbered(1, 3, type));
  const { position } = await client.appendToStream(type, numbered(4, 5));
  const last = async () => (await client.getPersistentSubscriptionToAllInfo(type)).stats.lastCheckpointedEventPosition;
  await eventually(async () => ((await last())?.commit ?? 0n) >= position!.commit, 'a checkpoint behind all events');
  const events = await streamOf(client, `$persistentsubscription-$all::${type}-checkpoint`);
  expect(events.length).toBeLessThanOrEqual(2);
  expect(events.at(-1)).toMatchObject({ type: '$SubscriptionCheckpoint', isJson: true });
  expect(events.at(-1)?.data).toMatch(/^C:(\d+)\/P:\1$/);
  expect(reader.seen).toEqual(['1/0', '2/0', '3/0']);
  await reader.subscription.unsubscribe();
});

it('is not written for fewer than the lower bound, however long it takes, but for the upper bound at once', async () => {
  const stream = await groupWith(9, { checkPointLowerBound: 5, checkPointUpperBound: 8, checkPointAfter: 1 });
  const reader = TestReader.onStream(store.client, stream, 'g', 20);
  const events = await reader.until(9);
  await reader.subscription.ack(...events.slice(0, 4));
  await eventually(async () => (await infoOf(stream)).stats.outstandingMessagesCount === 5, 'four acks');
  // A tick is a second: an event that times out has seen one.
  const clock = await groupWith(1, { messageTimeout: 0, maxRetryCount: 0 });
  const watching = TestReader.onStream(store.client, clock, 'g');
  await eventually(async () => (await infoOf(clock)).stats.parkedMessageCount === 1n, 'a tick');
  await watching.subscription.unsubscribe();
  expect((await infoOf(stream)).stats.lastCheckpointedEventRevision).toBeUndefined();
  await reader.subscription.nack(SKIP, '', events[4]!);
  await checkpointed(stream, 4n);
  await reader.subscription.ack(...events.slice(5));
  await eventually(async () => (await infoOf(stream)).stats.outstandingMessagesCount === 0, 'all acks');
  expect((await infoOf(stream)).stats.lastCheckpointedEventRevision).toBe(4n);
  await reader.subscription.unsubscribe();
});

itEmbedded('over restarts, a group with several readers loses nothing', async () => {
  const stream = await groupWith(300, { checkPointLowerBound: 1, checkPointUpperBound: 10 });
  const rounds = 3;
  const acked = new Set<number>();
  let readers: TestReader[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    if (round > 1) await store.restart();
    readers = [1, 2].map(() => TestReader.onStream(store.client, stream, 'g', 8));
    const goal = Math.min(300, acked.size + 100);
    for (const { subscription } of readers) {
      subscription.on('data', (event) => {
        // What an earlier round held is left for the next one; the last one answers whatever comes, repeats too.
        if (round < rounds && acked.size >= goal) return;
        acked.add((event.event?.data as { n: number }).n);
        void subscription.ack(event);
      });
    }
    await eventually(() => acked.size >= goal, `${goal} events`);
  }
  await checkpointed(stream, 299n);
  expect(acked.size).toBe(300);
  for (const { subscription } of readers) await subscription.unsubscribe();
});
