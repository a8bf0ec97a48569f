import {
  binaryEvent,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { eventually, useStore } from '../../store.fixture';
import { freshName, numbered, TestReader } from '../test-reader.fixture';

const store = useStore();

type Changes = Parameters<typeof toAll>[0];
const infoOf = (group: string) => store.client.getPersistentSubscriptionToAllInfo(group);

/** A group of `$all` that begins at its start and gets what is in streams that begin with its name. */
async function groupOfOwn(changes: Changes = {}): Promise<string> {
  const group = freshName('own');
  const filter = streamNameFilter({ prefixes: [group] });
  await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START, ...changes }), { filter });
  return group;
}

describe('a group from the end of $all', () => {
  it('is given the event that announced it, and then what follows', async () => {
    const group = freshName('announced');
    const stream = freshName('announced');
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: END }));
    await store.client.appendToStream(stream, numbered(1, 6));
    const reader = TestReader.onAll(store.client, group);
    await reader.ackAll();
    await eventually(() => reader.seen.includes('6/0'), 'the last event');
    const [announced, ...rest] = reader.delivered;
    expect(announced?.event).toMatchObject({ type: '$PersistentConfig', streamId: '$persistentSubscriptionConfig' });
    expect(JSON.stringify(announced?.event?.data)).toContain(group);
    expect(rest.map(({ event }) => event?.streamId)).toEqual(Array.from({ length: 6 }, () => stream));
    await reader.subscription.unsubscribe();
  });

  it('is not given it when a filter leaves it out', async () => {
    const group = freshName('excluding');
    const stream = freshName('excluding');
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: END }), {
      filter: excludeSystemEvents(),
    });
    await store.client.setStreamMetadata(stream, { maxCount: 5 });
    await store.client.appendToStream(stream, numbered(1, 2));
    const reader = TestReader.onAll(store.client, group);
    await reader.until(2);
    expect(reader.seen).toEqual(['1/0', '2/0']);
    await reader.subscription.unsubscribe();
  });
});

describe('filters', () => {
  it.each([
    ['a regular expression for streams', (mark: string) => streamNameFilter({ regex: `^${mark}-[ab]$` }), [1, 2]],
    ['prefixes of streams', (mark: string) => streamNameFilter({ prefixes: [`${mark}-a`, `${mark}-c`] }), [1, 3]],
    ['prefixes of types', (mark: string) => eventTypeFilter({ prefixes: [`b-${mark}`, `c-${mark}`] }), [2, 3]],
    ['an unanchored one for types', (mark: string) => eventTypeFilter({ regex: `[bc]-${mark}` }), [2, 3]],
  ])('%s choose what is delivered', async (_, filterOf, expected) => {
    const mark = freshName('chosen');
    const filter = filterOf(mark);
    await store.client.createPersistentSubscriptionToAll(mark, toAll({ startFrom: START }), { filter });
    for (const [i, letter] of ['a', 'b', 'c'].entries()) {
      await store.client.appendToStream(`${mark}-${letter}`, numbered(i + 1, i + 1, `${letter}-${mark}`));
    }
    const reader = TestReader.onAll(store.client, mark);
    await reader.until(2);
    expect(reader.seen).toEqual(expected.map((n) => `${n}/0`));
    await reader.subscription.unsubscribe();
  });

  it('look at the link, whatever it points to', async () => {
    const group = await groupOfOwn({ resolveLinkTos: true });
    const elsewhere = freshName('elsewhere');
    await store.client.appendToStream(elsewhere, numbered(1, 1));
    await store.client.appendToStream(`${group}-links`, [
      binaryEvent({ type: '$>', data: Buffer.from(`0@${elsewhere}`) }),
      binaryEvent({ type: '$>', data: Buffer.from(`9@${elsewhere}`) }),
      binaryEvent({ type: '$>', data: Buffer.from('no link at all') }),
    ]);
    const reader = TestReader.onAll(store.client, group);
    const [found, missing, none] = await reader.until(3);
    expect(found).toMatchObject({ event: { streamId: elsewhere }, link: { streamId: `${group}-links` } });
    expect([missing?.event, missing?.link?.revision]).toEqual([undefined, 1n]);
    expect([none?.event?.type, none?.link]).toEqual(['$>', undefined]);
    await reader.subscription.ack(found!, missing!, none!);
    await eventually(async () => (await infoOf(group)).stats.outstandingMessagesCount === 0, 'all acks');
    await reader.subscription.unsubscribe();
  });
});

describe('what $all holds', () => {
  it('is delivered whatever metadata, deletion and tombstones hide from readers of the stream', async () => {
    const group = await groupOfOwn();
    const [cut, deleted, closed] = [`${group}-cut`, `${group}-deleted`, `${group}-closed`];
    for (const stream of [cut, deleted, closed]) await store.client.appendToStream(stream, numbered(1, 2));
    await store.client.setStreamMetadata(cut, { truncateBefore: 2 });
    await store.client.deleteStream(deleted);
    await store.client.tombstoneStream(closed);
    const reader = TestReader.onAll(store.client, group);
    await reader.until(7);
    expect(reader.seen.slice(0, 6)).toEqual(['1/0', '2/0', '1/0', '2/0', '1/0', '2/0']);
    expect(reader.delivered[6]?.event).toMatchObject({ streamId: closed, type: '$streamDeleted' });
    await reader.subscription.unsubscribe();
  });

  it('may hold one id in two streams: both events are delivered and each ack counts for one', async () => {
    const group = await groupOfOwn();
    const twin = jsonEvent({ type: 'Twin', data: { n: 1 } });
    await store.client.appendToStream(`${group}-a`, twin);
    await store.client.appendToStream(`${group}-b`, twin);
    await store.client.appendToStream(`${group}-a`, numbered(2, 3));
    const reader = TestReader.onAll(store.client, group, 2);
    const [one, other] = await reader.until(2);
    expect([one?.event?.streamId, other?.event?.streamId]).toEqual([`${group}-a`, `${group}-b`]);
    expect(one?.event?.id).toBe(other?.event?.id);
    await reader.subscription.ack(one!, other!);
    await reader.until(4);
    expect((await infoOf(group)).connections).toMatchObject([{ inFlightMessages: 2, availableSlots: 0 }]);
    await reader.subscription.ack(...reader.delivered.slice(2));
    await eventually(async () => (await infoOf(group)).stats.outstandingMessagesCount === 0, 'all acks');
    await reader.subscription.unsubscribe();
  });

  it("does not feed a group's own checkpoints and parked events back to it", async () => {
    const group = freshName('unfed');
    const stream = freshName('unfed');
    const settings = toAll({ startFrom: END, checkPointLowerBound: 1, checkPointUpperBound: 1, checkPointAfter: 1 });
    await store.client.createPersistentSubscriptionToAll(group, settings);
    const reader = TestReader.onAll(store.client, group);
    reader.subscription.on('data', (event) => {
      if (event.event?.streamId === stream) void reader.subscription.nack(PARK, '', event);
      else void reader.subscription.ack(event);
    });
    const { position } = await store.client.appendToStream(stream, numbered(1, 3));
    await eventually(async () => (await infoOf(group)).stats.parkedMessageCount === 3n, 'three parked');
    await eventually(
      async () => ((await infoOf(group)).stats.lastCheckpointedEventPosition?.commit ?? 0n) >= position!.commit,
      'a checkpoint at the last event',
    );
    const last = await store.client.appendToStream(stream, numbered(4, 4));
    await eventually(
      () => reader.delivered.at(-1)?.event?.position?.commit === last.position?.commit,
      'the last event',
    );
    const own = `$persistentsubscription-$all::${group}`;
    const streams = reader.delivered.map(({ event }) => event?.streamId);
    expect(streams).not.toContain(`${own}-checkpoint`);
    expect(streams).not.toContain(`${own}-parked`);
    await reader.subscription.unsubscribe();
  });
});
