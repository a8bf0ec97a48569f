import { randomUUID } from 'node:crypto';
import {
  binaryEvent,
  END,
  jsonEvent,
  PARK,
  type PersistentSubscriptionToStreamResolvedEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  type ResolvedEvent,
  START,
} from '@eventstore/db-client';
import { collect, describeEmbedded, eventually, newEvents, useStore } from '../store.fixture';

const store = useStore();
const newName = (): string => `p${randomUUID().replaceAll('-', '')}`;
const textOf = ({ link, event }: ResolvedEvent): string => Buffer.from((link ?? event)?.data as Uint8Array).toString();
const numbered = (n: number) => jsonEvent({ type: 'counted', data: { n } });

function follow(stream: string, options: object = {}) {
  const seen: string[] = [];
  const subscription = store.client.subscribeToStream(stream, options);
  const followed = { seen, subscription, live: 0, error: undefined as Error | undefined };
  subscription
    .on('data', (event) => seen.push(textOf(event)))
    .on('caughtUp', () => (followed.live += 1))
    .on('error', (error) => (followed.error = error));
  return followed;
}

describeEmbedded('a subscription to a projected stream', () => {
  it('gives what is there, then what comes, each once', async () => {
    const category = newName();
    await store.client.appendToStream(`${category}-1`, newEvents(3));
    const followed = follow(`$ce-${category}`, { fromRevision: START });
    await eventually(() => followed.live === 1);
    expect(followed.seen).toEqual([0, 1, 2].map((n) => `${n}@${category}-1`));
    const streams = Array.from({ length: 40 }, (_, n) => `${category}-x${n % 4}`);
    await Promise.all(streams.map((stream, n) => store.client.appendToStream(stream, numbered(n))));
    await store.client.deleteStream(`${category}-1`);
    await eventually(() => followed.seen.length >= 44);
    await followed.subscription.unsubscribe();
    const read = await collect(store.client.readStream(`$ce-${category}`));
    expect(followed.seen).toEqual(read.map(textOf));
    expect(followed.seen.at(-1)).toBe(`0@$$${category}-1`);
    expect(followed).toMatchObject({ live: 1, error: undefined });
  });

  it('waits for a stream nothing is in yet', async () => {
    const type = newName();
    const followed = follow(`$et-${type}`);
    await eventually(() => followed.live === 1);
    await store.client.appendToStream(newName(), newEvents(2, `${type}x`));
    const stream = newName();
    await store.client.appendToStream(stream, newEvents(2, type));
    await eventually(() => followed.seen.length >= 2);
    await followed.subscription.unsubscribe();
    expect(followed.seen).toEqual([`0@${stream}`, `1@${stream}`]);
  });

  it('starts after a revision, or at the end', async () => {
    const category = newName();
    await store.client.appendToStream(`${category}-1`, newEvents(5));
    const after = follow(`$ce-${category}`, { fromRevision: 2n });
    const end = follow(`$ce-${category}`, { fromRevision: END });
    await eventually(() => after.live === 1 && end.live === 1);
    await store.client.appendToStream(`${category}-1`, newEvents(1));
    await eventually(() => after.seen.length >= 3 && end.seen.length >= 1);
    await Promise.all([after.subscription.unsubscribe(), end.subscription.unsubscribe()]);
    expect(after.seen).toEqual([3, 4, 5].map((n) => `${n}@${category}-1`));
    expect(end.seen).toEqual([`5@${category}-1`]);
  });

  it('follows links, and gives the link alone when its target is gone', async () => {
    const category = newName();
    const followed: ResolvedEvent[] = [];
    const subscription = store.client.subscribeToStream(`$ce-${category}`, { resolveLinkTos: true });
    subscription.on('data', (event) => followed.push(event));
    await store.client.appendToStream(`${category}-1`, numbered(7));
    const nowhere = binaryEvent({ type: '$>', data: Buffer.from(`5@${category}-nowhere`) });
    await store.client.appendToStream(`${category}-links`, nowhere);
    await eventually(() => followed.length >= 2);
    await subscription.unsubscribe();
    expect(followed[0]).toMatchObject({
      event: { streamId: `${category}-1`, data: { n: 7 } },
      link: { streamId: `$ce-${category}`, revision: 0n },
    });
    expect(followed[1]?.event).toBeUndefined();
    expect(followed[1]?.link).toMatchObject({ streamId: `$ce-${category}`, revision: 1n });
  });
});

type Delivered = PersistentSubscriptionToStreamResolvedEvent;

describeEmbedded('a group on a projected stream', () => {
  const read = (stream: string, answer: (event: Delivered) => 'ack' | 'park' | 'keep') => {
    const delivered: Delivered[] = [];
    const subscription = store.client.subscribeToPersistentSubscriptionToStream(stream, 'readers');
    subscription
      .on('data', (event: Delivered) => {
        delivered.push(event);
        const what = answer(event);
        if (what === 'ack') void subscription.ack(event);
        if (what === 'park') void subscription.nack(PARK, 'no good', event);
      })
      .on('error', () => undefined);
    return { delivered, subscription, numbers: () => delivered.map(({ event }) => (event?.data as { n: number }).n) };
  };
  const create = (stream: string, more: object = {}) =>
    store.client.createPersistentSubscriptionToStream(
      stream,
      'readers',
      persistentSubscriptionToStreamSettingsFromDefaults({
        startFrom: START,
        resolveLinkTos: true,
        checkPointLowerBound: 1,
        checkPointUpperBound: 1,
        ...more,
      }),
    );

  it('delivers, and goes on from its checkpoint after a restart', async () => {
    const category = newName();
    const stream = `$ce-${category}`;
    await create(stream);
    for (let n = 0; n < 3; n += 1) await store.client.appendToStream(`${category}-${n}`, numbered(n));
    const first = read(stream, () => 'ack');
    await eventually(() => first.delivered.length >= 3);
    expect(first.numbers()).toEqual([0, 1, 2]);
    expect(first.delivered.map(({ link }) => link?.revision)).toEqual([0n, 1n, 2n]);
    await eventually(async () => {
      const { stats } = await store.client.getPersistentSubscriptionToStreamInfo(stream, 'readers');
      return stats.lastCheckpointedEventRevision === 2n;
    });
    await store.restart();
    await store.client.appendToStream(`${category}-9`, numbered(9));
    const second = read(stream, () => 'ack');
    await eventually(() => second.delivered.length >= 1);
    expect(second.numbers()).toEqual([9]);
    expect(second.delivered[0]?.link).toMatchObject({ streamId: stream, revision: 3n });
    await second.subscription.unsubscribe();
  });

  it.each([true, false])('parks and replays (links followed: %s)', async (resolveLinkTos) => {
    const category = newName();
    const stream = `$ce-${category}`;
    await create(stream, { resolveLinkTos });
    await store.client.appendToStream(`${category}-1`, [numbered(0), numbered(1)]);
    const reader = read(stream, ({ link }) => {
      if (link?.streamId.endsWith('-parked')) return 'ack';
      return 'park';
    });
    await eventually(async () => {
      const { stats } = await store.client.getPersistentSubscriptionToStreamInfo(stream, 'readers');
      return stats.parkedMessageCount === 2n;
    });
    await store.client.replayParkedMessagesToStream(stream, 'readers');
    await eventually(() => reader.delivered.length >= 4);
    await reader.subscription.unsubscribe();
    const parked = `$persistentsubscription-${stream}::readers-parked`;
    expect(
      reader.delivered.slice(2).map(({ event, link }) => [event?.streamId, event?.revision, link?.streamId]),
    ).toEqual([0n, 1n].map((n) => [resolveLinkTos ? `${category}-1` : stream, n, parked]));
  });

  it('shares out what comes, each event once, while appends go on', async () => {
    const category = newName();
    const stream = `$ce-${category}`;
    await create(stream);
    const readers = [read(stream, () => 'ack'), read(stream, () => 'ack')];
    const count = 200;
    await Promise.all(
      Array.from({ length: count }, (_, n) => store.client.appendToStream(`${category}-${n % 7}`, numbered(n))),
    );
    const numbers = () => readers.flatMap((reader) => reader.numbers());
    await eventually(() => numbers().length >= count);
    await Promise.all(readers.map(({ subscription }) => subscription.unsubscribe()));
    expect(numbers().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});
