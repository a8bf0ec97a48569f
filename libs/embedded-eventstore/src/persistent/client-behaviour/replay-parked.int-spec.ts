import {
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  RETRY,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { ReplayParkedReq } from '@eventstore/db-client/generated/persistent_pb';
import { eventually, itEmbedded, useStore } from '../../store.fixture';
import { freshName, numbered, streamOf, TestReader } from '../test-reader.fixture';
import { named, useRawGroups } from './raw-groups.fixture';

const store = useStore();
const raw = useRawGroups(store);

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
const parkedStreamOf = (stream: string) => `$persistentsubscription-${stream}::g-parked`;
const parked = (stream: string, count: number) =>
  eventually(async () => (await infoOf(stream)).stats.parkedMessageCount === BigInt(count), `${count} parked`);

async function groupWith(events: number, changes: Parameters<typeof toStream>[0] = {}): Promise<string> {
  const stream = freshName('replayed');
  await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return stream;
}

/** A reader that has parked everything there is. */
async function parkedAll(stream: string, count: number): Promise<TestReader> {
  const reader = TestReader.onStream(store.client, stream, 'g', count);
  await reader.until(count);
  await reader.subscription.nack(PARK, 'later', ...reader.delivered);
  await parked(stream, count);
  return reader;
}

describe('replaying parked events', () => {
  it('up to number 0 replays nothing, and leaves no replay behind', async () => {
    const stream = await groupWith(2);
    const reader = await parkedAll(stream, 2);
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 0 });
    expect(await infoOf(stream)).toMatchObject({ status: 'Live', stats: { parkedMessageCount: 2n } });
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 1 });
    await reader.until(3);
    expect(reader.seen.slice(2)).toEqual(['1/0']);
    expect((await store.client.getStreamMetadata(parkedStreamOf(stream))).metadata).toMatchObject({
      truncateBefore: 1,
    });
    await reader.subscription.unsubscribe();
  });

  it.each([3, 200])('works with nobody there: the next reader gets all %i before anything new', async (count) => {
    const stream = await groupWith(count);
    const first = await parkedAll(stream, count);
    await first.subscription.unsubscribe();
    await store.client.appendToStream(stream, numbered(count + 1, count + 1));
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await eventually(async () => (await infoOf(stream)).stats.retryBufferCount === count, 'all waiting');
    const second = TestReader.onStream(store.client, stream, 'g', 150);
    await second.ackAll();
    await second.until(count + 1);
    expect(second.seen).toEqual(Array.from({ length: count + 1 }, (_, i) => `${i + 1}/0`));
    await second.subscription.unsubscribe();
  });

  it('begins the count of retries anew, and parks again at the maximum', async () => {
    const stream = await groupWith(1, { maxRetryCount: 1 });
    const reader = TestReader.onStream(store.client, stream, 'g');
    reader.subscription.on('data', (event) => void reader.subscription.nack(RETRY, '', event));
    await parked(stream, 1);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await reader.until(4);
    await parked(stream, 1);
    expect(reader.seen).toEqual(['1/0', '1/1', '1/0', '1/1']);
    const [again] = await streamOf(store.client, parkedStreamOf(stream));
    expect(again).toMatchObject({ revision: 1n, metadata: { reason: 'Reached retry count of 1' } });
    expect(Buffer.from(again?.data as unknown as Uint8Array).toString()).toBe(`0@${stream}`);
    await reader.subscription.unsubscribe();
  });

  it('does not hold checkpoints back, nor is it acknowledged by the id of the original', async () => {
    const stream = await groupWith(2, { checkPointUpperBound: 1, checkPointLowerBound: 1 });
    const reader = await parkedAll(stream, 2);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    const [, , replayed] = await reader.until(4);
    expect(replayed?.link?.id).not.toBe(replayed?.event?.id);
    await reader.subscription.ack({ ...replayed!, link: undefined });
    await store.client.appendToStream(stream, numbered(3, 3));
    await reader.until(4);
    await reader.subscription.ack(replayed!);
    await reader.until(5);
    await reader.subscription.ack(reader.delivered[4]!);
    await eventually(async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === 2n, 'a checkpoint');
    expect((await infoOf(stream)).stats.outstandingMessagesCount).toBe(1);
    await reader.subscription.unsubscribe();
  });

  it('of very many comes in order and whole', async () => {
    const many = 450;
    const stream = await groupWith(many);
    const reader = await parkedAll(stream, many);
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 300 });
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await reader.until(2 * many);
    expect(reader.seen.slice(many)).toEqual(Array.from({ length: many }, (_, i) => `${i + 1}/0`));
    await eventually(async () => !(await infoOf(stream)).status.includes('Replaying'), 'the end of the replay');
    await reader.subscription.unsubscribe();
  });

  it('to $all stops where it is asked to, whatever the names', async () => {
    const prefix = `${freshName('어학연구소')}/ด้้็_`;
    const group = `${freshName('ヽ༼ຈل͜ຈ༽ﾉ')} / ヽ`;
    const filter = streamNameFilter({ prefixes: [prefix] });
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START }), { filter });
    await store.client.appendToStream(`${prefix}something`, numbered(1, 20));
    const reader = TestReader.onAll(store.client, group, 20);
    await reader.subscription.nack(PARK, '', ...(await reader.until(20)));
    const count = async () => (await store.client.getPersistentSubscriptionToAllInfo(group)).stats.parkedMessageCount;
    await eventually(async () => (await count()) === 20n, 'all parked');
    await store.client.replayParkedMessagesToAll(group, { stopAt: 4 });
    await reader.until(24);
    expect(await count()).toBe(16n);
    expect(reader.seen.slice(20)).toEqual(['1/0', '2/0', '3/0', '4/0']);
    await reader.subscription.unsubscribe();
  });

  it('after the group was deleted and made again starts with what was parked since', async () => {
    const stream = await groupWith(2);
    const old = await parkedAll(stream, 2);
    await store.client.deletePersistentSubscriptionToStream(stream, 'g');
    await old.error();
    await expect(streamOf(store.client, parkedStreamOf(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    expect((await infoOf(stream)).stats.parkedMessageCount).toBe(0n);
    const reader = TestReader.onStream(store.client, stream, 'g');
    const [first] = await reader.until(2);
    await reader.subscription.nack(PARK, 'anew', first!);
    await parked(stream, 1);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await reader.until(3);
    expect(reader.seen).toEqual(['1/0', '2/0', '1/0']);
    await reader.subscription.unsubscribe();
  });

  it('needs a request that names a group', async () => {
    await expect(raw.replay()).rejects.toMatchObject({ code: 2 });
    const unnamed = new ReplayParkedReq.Options().setGroupName('g').setStopAt('1');
    await expect(raw.replay(unnamed)).rejects.toMatchObject({ code: 2 });
    const negative = new ReplayParkedReq.Options()
      .setStreamIdentifier(named('nowhere'))
      .setGroupName('g')
      .setStopAt('-1');
    await expect(raw.replay(negative)).rejects.toMatchObject({
      code: 13,
      details:
        "Subscription group g on stream nowhere failed: 'Cannot stop replaying parked message at a negative version.'",
    });
  });

  // Last, because it changes the store.client.
  itEmbedded('counts and replays after a restart what was parked before it, and only once', async () => {
    const stream = await groupWith(4, { checkPointUpperBound: 1, checkPointLowerBound: 1 });
    const before = await parkedAll(stream, 4);
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 2 });
    await before.until(6);
    await before.subscription.ack(...before.delivered.slice(4));
    await eventually(async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === 3n, 'a checkpoint');
    await store.restart();
    expect((await infoOf(stream)).stats).toMatchObject({
      parkedMessageCount: 2n,
      lastKnownEventRevision: undefined,
      totalItems: 0n,
    });
    await store.client.replayParkedMessagesToStream(stream, 'g');
    const after = TestReader.onStream(store.client, stream, 'g');
    await after.until(2);
    expect(after.seen).toEqual(['3/0', '4/0']);
    await after.subscription.unsubscribe();
  });
});
