import {
  END,
  eventTypeFilter,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  RETRY,
  SKIP,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { eventually, useStore } from '../store.fixture';
import { freshName, numbered, streamOf, TestReader } from './test-reader.fixture';

const store = useStore();

type Changes = Parameters<typeof toStream>[0];

async function groupOnStream(changes: Changes = {}, events = 0): Promise<{ stream: string; group: string }> {
  const stream = freshName('read');
  if (events > 0) await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return { stream, group: 'g' };
}

const info = (stream: string, group = 'g') => store.client.getPersistentSubscriptionToStreamInfo(stream, group);

describe('start', () => {
  it.each([
    ['start', START, ['1/0', '2/0', '3/0', '4/0', '5/0']],
    ['a revision, inclusively', 2n, ['3/0', '4/0', '5/0']],
    ['the end', END, ['5/0']],
    ['a revision that comes later', 4n, ['5/0']],
  ] as const)('from %s', async (_, startFrom, expected) => {
    const { stream, group } = await groupOnStream({ startFrom }, 4);
    const reader = TestReader.onStream(store.client, stream, group);
    await store.client.appendToStream(stream, numbered(5, 5));
    await reader.until(expected.length);
    expect(reader.seen).toEqual(expected);
    expect(reader.subscription).toMatchObject({ id: `${stream}::${group}` });
    await reader.subscription.unsubscribe();
  });

  it('from a position in $all, inclusively, and from its end only what follows', async () => {
    const stream = freshName('positions');
    const { position } = await store.client.appendToStream(stream, numbered(1, 1));
    await store.client.appendToStream(stream, numbered(2, 2));
    const [inclusive, end] = [freshName('inclusive'), freshName('end')];
    await store.client.createPersistentSubscriptionToAll(inclusive, toAll({ startFrom: position! }));
    await store.client.createPersistentSubscriptionToAll(end, toAll({ startFrom: END }));
    await store.client.appendToStream(stream, numbered(3, 3));
    const [a, b] = [TestReader.onAll(store.client, inclusive, 50), TestReader.onAll(store.client, end, 50)];
    await eventually(() => a.seen.includes('3/0'), 'the last event at the first group');
    const first = a.delivered[0];
    expect(first?.event?.position).toEqual(position);
    expect(a.seen.filter((seen) => seen !== 'undefined/0')).toEqual(['1/0', '2/0', '3/0']);
    await b.until(2);
    expect(b.delivered[0]?.event?.type).toBe('$PersistentConfig');
    expect(b.seen.slice(1)).toEqual(['3/0']);
    await a.subscription.unsubscribe();
    await b.subscription.unsubscribe();
  });

  it('waits for a stream that does not exist', async () => {
    const { stream, group } = await groupOnStream();
    const reader = TestReader.onStream(store.client, stream, group);
    await eventually(() => reader.confirmed, 'confirmation');
    await store.client.appendToStream(stream, numbered(1, 2));
    await reader.until(2);
    expect(reader.seen).toEqual(['1/0', '2/0']);
    await reader.subscription.unsubscribe();
  });
});

describe('what is delivered', () => {
  it('carries the event whole, its position and the retry count', async () => {
    const stream = freshName('whole');
    const written = jsonEvent({ type: 'Whole', data: { n: 1 }, metadata: { m: 2 } });
    const { position } = await store.client.appendToStream(stream, written);
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const reader = TestReader.onStream(store.client, stream, 'g');
    const [delivered] = await reader.until(1);
    expect(delivered).toMatchObject({
      retryCount: 0,
      event: {
        id: written.id,
        type: 'Whole',
        streamId: stream,
        revision: 0n,
        data: { n: 1 },
        metadata: { m: 2 },
        position,
      },
      commitPosition: position?.commit,
    });
    expect(delivered?.link).toBeUndefined();
    await reader.subscription.unsubscribe();
  });

  it('is the target of a link when the group asks for that, and the link itself otherwise', async () => {
    const { stream } = await groupOnStream({}, 1);
    const links = freshName('links');
    const link = { type: '$>', contentType: 'application/octet-stream', metadata: undefined } as const;
    const { binaryEvent } = await import('@eventstore/db-client');
    const appended = await store.client.appendToStream(links, [
      binaryEvent({ type: link.type, data: Buffer.from(`0@${stream}`) }),
      binaryEvent({ type: link.type, data: Buffer.from(`7@${stream}`) }),
    ]);
    await store.client.createPersistentSubscriptionToStream(
      links,
      'g',
      toStream({ startFrom: START, resolveLinkTos: true }),
    );
    await store.client.createPersistentSubscriptionToStream(links, 'raw', toStream({ startFrom: START }));
    const [resolving, raw] = [
      TestReader.onStream(store.client, links, 'g'),
      TestReader.onStream(store.client, links, 'raw'),
    ];
    const [found, missing] = await resolving.until(2);
    expect(found).toMatchObject({
      event: { data: { n: 1 }, streamId: stream },
      link: { streamId: links, revision: 0n },
    });
    expect(found?.event?.position).toEqual(found?.link?.position);
    expect(missing?.event).toBeUndefined();
    expect(missing?.link).toMatchObject({ revision: 1n, position: appended.position });
    await resolving.subscription.ack(found!, missing!);
    const [asIs] = await raw.until(2);
    expect(asIs).toMatchObject({ event: { type: '$>', streamId: links } });
    expect(asIs?.link).toBeUndefined();
    await eventually(async () => (await info(links)).stats.outstandingMessagesCount === 0, 'acks by link id');
    await resolving.subscription.unsubscribe();
    await raw.subscription.unsubscribe();
  });

  it('leaves out what metadata hides from readers of the stream', async () => {
    const stream = freshName('truncated');
    await store.client.appendToStream(stream, numbered(1, 5));
    await store.client.setStreamMetadata(stream, { truncateBefore: 3 });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(2);
    expect(reader.seen).toEqual(['4/0', '5/0']);
    await reader.subscription.unsubscribe();
  });

  it('is everything that is committed while the group is live, whatever the metadata', async () => {
    const stream = freshName('live');
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    await eventually(async () => (await info(stream)).status === 'Live', 'live');
    await store.client.appendToStream(stream, numbered(1, 3));
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(3);
    expect(reader.seen).toEqual(['1/0', '2/0', '3/0']);
    await reader.subscription.unsubscribe();
  });

  it('passes the filter of a group on $all, by stream name and by event type', async () => {
    const mark = freshName('filtered');
    const [byName, byType] = [`${mark}-name`, `${mark}-type`];
    await store.client.createPersistentSubscriptionToAll(byName, toAll({ startFrom: START }), {
      filter: streamNameFilter({ prefixes: [`${mark}-yes`] }),
    });
    await store.client.createPersistentSubscriptionToAll(byType, toAll({ startFrom: START }), {
      filter: eventTypeFilter({ regex: `^${mark}$` }),
    });
    await store.client.appendToStream(`${mark}-yes`, numbered(1, 2));
    await store.client.appendToStream(`${mark}-no`, numbered(3, 4, mark));
    const [a, b] = [TestReader.onAll(store.client, byName), TestReader.onAll(store.client, byType)];
    await store.client.appendToStream(`${mark}-yes-too`, numbered(5, 5));
    await a.until(3);
    expect(a.seen).toEqual(['1/0', '2/0', '5/0']);
    await b.until(2);
    expect(b.seen).toEqual(['3/0', '4/0']);
    await a.subscription.unsubscribe();
    await b.subscription.unsubscribe();
  });
});

describe('slots', () => {
  it('are as many as the reader asked for, and shown', async () => {
    const { stream, group } = await groupOnStream({}, 10);
    const reader = TestReader.onStream(store.client, stream, group, 3);
    await reader.until(3);
    expect(await info(stream)).toMatchObject({
      connections: [
        {
          username: 'system',
          connectionName: store.client.connectionName,
          availableSlots: 0,
          inFlightMessages: 3,
          from: '',
        },
      ],
      stats: { totalInFlightMessages: 3, outstandingMessagesCount: 3, totalItems: 3n },
    });
    expect(reader.delivered).toHaveLength(3);
    await reader.subscription.ack(reader.delivered[1]!);
    await reader.until(4);
    expect(reader.seen).toEqual(['1/0', '2/0', '3/0', '4/0']);
    await reader.subscription.unsubscribe();
  });

  it('take batches of acks and nacks in every combination', async () => {
    const { stream, group } = await groupOnStream({}, 200);
    const reader = TestReader.onStream(store.client, stream, group, 32);
    let next = 0;
    const answered = new Set<number>();
    reader.subscription.on('data', (event) => {
      next += 1;
      const { n } = event.event?.data as { n: number };
      answered.add(n);
      if (n % 10 === 0 && event.retryCount === 0) void reader.subscription.nack(RETRY, 'again', event);
      else if (n % 10 === 5) void reader.subscription.nack(SKIP, 'not needed', event);
      else void reader.subscription.ack(event);
    });
    await eventually(() => next >= 220, '200 events and 20 retries');
    expect(answered.size).toBe(200);
    expect(reader.delivered.filter(({ retryCount }) => retryCount === 1)).toHaveLength(20);
    await eventually(async () => (await info(stream)).stats.outstandingMessagesCount === 0, 'all answered');
    await reader.subscription.unsubscribe();
  });

  it('below one are no reader', async () => {
    const { stream, group } = await groupOnStream();
    expect(await TestReader.onStream(store.client, stream, group, 0).error()).toMatchObject({ type: 'unknown' });
  });
});

describe('status', () => {
  it('is Behind while the buffer is full and Live once it has reached the end', async () => {
    const { stream, group } = await groupOnStream({ historyBufferSize: 10, readBatchSize: 2 }, 100);
    await eventually(async () => (await info(stream)).stats.readBufferCount > 0, 'a filled buffer');
    const waiting = await info(stream);
    expect(waiting.status).toMatch(/^Behind/);
    expect(waiting.stats.readBufferCount).toBeLessThanOrEqual(10);
    const reader = TestReader.onStream(store.client, stream, group);
    await reader.ackAll();
    await reader.until(100);
    await eventually(async () => (await info(stream)).status === 'Live', 'live');
    expect(reader.seen.at(-1)).toBe('100/0');
    await reader.subscription.unsubscribe();
  });
});

describe('statistics', () => {
  it('count times per connection once something was answered', async () => {
    const { stream, group } = await groupOnStream({ extraStatistics: true }, 4);
    const reader = TestReader.onStream(store.client, stream, group);
    await reader.until(4);
    expect((await info(stream)).connections[0]?.extraStatistics).toBeUndefined();
    await reader.ackAll();
    await eventually(async () => (await info(stream)).stats.outstandingMessagesCount === 0, 'acks');
    const [connection] = (await info(stream)).connections;
    expect([...(connection?.extraStatistics?.keys() ?? [])]).toEqual(
      ['mean', 'median', 'fastest', 'quintile 1', 'quintile 2', 'quintile 3', 'quintile 4', 'quintile 5'].concat([
        '90%',
        '95%',
        '99%',
        '99.5%',
        '99.9%',
        'highest',
      ]),
    );
    expect(await info(stream)).toMatchObject({ status: 'Live', stats: { lastKnownEventRevision: 3n, totalItems: 4n } });
    await reader.subscription.unsubscribe();
  });
});

describe('retry and park', () => {
  it('redelivers at once with the count, then parks with the reason, and shows the link', async () => {
    const { stream, group } = await groupOnStream({ maxRetryCount: 2 }, 2);
    const reader = TestReader.onStream(store.client, stream, group, 1);
    for (const n of [1, 2, 3]) await reader.subscription.nack(RETRY, 'no luck', (await reader.until(n))[n - 1]!);
    await reader.until(4);
    expect(reader.seen).toEqual(['1/0', '1/1', '1/2', '2/0']);
    await reader.subscription.nack(PARK, 'broken', reader.delivered[3]!);
    await eventually(async () => (await info(stream)).stats.parkedMessageCount === 2n, 'two parked');
    const parked = await streamOf(store.client, `$persistentsubscription-${stream}::g-parked`);
    expect(parked).toMatchObject([
      {
        type: '$>',
        isJson: false,
        revision: 0n,
        metadata: { reason: 'Reached retry count of 2', subscriptionEventNumber: 0 },
      },
      { revision: 1n, metadata: { reason: "Client explicitly NAK'ed message.\nbroken", subscriptionEventNumber: 1 } },
    ]);
    expect(parked.map(({ data }) => Buffer.from(data as unknown as Uint8Array).toString())).toEqual([
      `0@${stream}`,
      `1@${stream}`,
    ]);
    await reader.subscription.unsubscribe();
  });

  it('times out at the tick, retries, and parks at the maximum', async () => {
    const { stream, group } = await groupOnStream({ messageTimeout: 100, maxRetryCount: 1 }, 1);
    const reader = TestReader.onStream(store.client, stream, group);
    await reader.until(2);
    await eventually(async () => (await info(stream)).stats.parkedMessageCount === 1n, 'parked by timeout');
    expect(reader.seen).toEqual(['1/0', '1/1']);
    expect((await info(stream)).connections).toMatchObject([{ inFlightMessages: 0, availableSlots: 10 }]);
    await reader.subscription.unsubscribe();
  });

  it("gives a lost reader's events to another, one retry later, whatever the maximum", async () => {
    const { stream, group } = await groupOnStream({ maxRetryCount: 0 }, 2);
    const lost = TestReader.onStream(store.client, stream, group);
    await lost.until(2);
    const other = TestReader.onStream(store.client, stream, group);
    await eventually(() => other.confirmed, 'the second reader');
    await lost.subscription.unsubscribe();
    await other.until(2);
    expect(other.seen).toEqual(['1/1', '2/1']);
    expect((await info(stream)).stats.parkedMessageCount).toBe(0n);
    await other.subscription.unsubscribe();
  });
});

describe('replay', () => {
  const parkAll = async (stream: string, count: number) => {
    const reader = TestReader.onStream(store.client, stream, 'g', count);
    await reader.until(count);
    for (const event of reader.delivered) await reader.subscription.nack(PARK, 'later', event);
    await eventually(async () => (await info(stream)).stats.parkedMessageCount === BigInt(count), 'all parked');
    return reader;
  };

  it('brings everything back, oldest first, as original and parked link, and moves $tb at once', async () => {
    const { stream } = await groupOnStream({}, 3);
    const reader = await parkAll(stream, 3);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    expect((await info(stream)).stats.parkedMessageCount).toBe(0n);
    const parkedStream = `$persistentsubscription-${stream}::g-parked`;
    expect(await store.client.getStreamMetadata(parkedStream)).toMatchObject({ metadata: { truncateBefore: 3 } });
    const again = (await reader.until(6)).slice(3);
    expect(reader.seen.slice(3)).toEqual(['1/0', '2/0', '3/0']);
    expect(again[0]).toMatchObject({
      event: { streamId: stream, revision: 0n },
      link: { streamId: parkedStream, revision: 0n },
    });
    await reader.subscription.ack(...again.slice(0, 2));
    await reader.subscription.nack(PARK, 'again', again[2]!);
    await eventually(async () => (await info(stream)).stats.parkedMessageCount === 1n, 'parked again');
    expect(await streamOf(store.client, parkedStream)).toMatchObject([{ revision: 3n, type: '$>' }]);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    expect((await reader.until(7)).at(-1)).toMatchObject({
      event: { revision: 2n },
      link: { revision: 3n },
      retryCount: 0,
    });
    await reader.subscription.unsubscribe();
  });

  it('stops before the number asked for', async () => {
    const { stream } = await groupOnStream({}, 5);
    const reader = await parkAll(stream, 5);
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 2 });
    await reader.until(7);
    expect((await info(stream)).stats.parkedMessageCount).toBe(3n);
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 2 });
    await store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: 100 });
    await reader.until(10);
    expect(reader.seen.slice(5)).toEqual(['1/0', '2/0', '3/0', '4/0', '5/0']);
    await reader.subscription.unsubscribe();
  });

  it('comes before new events', async () => {
    const { stream } = await groupOnStream({}, 3);
    const parker = TestReader.onStream(store.client, stream, 'g', 1);
    await parker.subscription.nack(PARK, 'later', (await parker.until(1))[0]!);
    await parker.until(2);
    await eventually(async () => (await info(stream)).stats.parkedMessageCount === 1n, 'parked');
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await eventually(async () => (await info(stream)).stats.retryBufferCount === 1, 'replay waits');
    await parker.subscription.ack(parker.delivered[1]!);
    await parker.subscription.ack((await parker.until(3))[2]!);
    await parker.until(4);
    expect(parker.seen).toEqual(['1/0', '2/0', '1/0', '3/0']);
    await parker.subscription.unsubscribe();
  });

  it('drops what no longer resolves', async () => {
    const { stream } = await groupOnStream({}, 3);
    const reader = await parkAll(stream, 3);
    await store.client.setStreamMetadata(stream, { truncateBefore: 2 });
    await store.client.replayParkedMessagesToStream(stream, 'g');
    await store.client.appendToStream(stream, numbered(4, 4));
    await reader.until(5);
    expect(reader.seen.slice(3)).toEqual(['3/0', '4/0']);
    await reader.subscription.unsubscribe();
  });

  it('of nothing is nothing, and a negative number is refused', async () => {
    const { stream } = await groupOnStream({}, 1);
    await store.client.replayParkedMessagesToStream(stream, 'g');
    expect((await info(stream)).status).not.toContain('Replaying');
    await expect(store.client.replayParkedMessagesToStream(stream, 'g', { stopAt: -1 })).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      reason: 'Cannot stop replaying parked message at a negative version.',
    });
  });

  it('works on $all as well', async () => {
    const stream = freshName('park-all');
    const group = freshName('park-all');
    const filter = streamNameFilter({ prefixes: [stream] });
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START }), { filter });
    await store.client.appendToStream(stream, numbered(1, 2));
    const reader = TestReader.onAll(store.client, group);
    for (const event of await reader.until(2)) await reader.subscription.nack(PARK, '', event);
    await eventually(
      async () => (await store.client.getPersistentSubscriptionToAllInfo(group)).stats.parkedMessageCount === 2n,
      'parked',
    );
    await store.client.replayParkedMessagesToAll(group);
    await reader.until(4);
    expect(reader.seen).toEqual(['1/0', '2/0', '1/0', '2/0']);
    const inAll = new Set<string | undefined>();
    for await (const { event } of store.client.readAll()) inAll.add(event?.streamId);
    expect(inAll).not.toContain(`$persistentsubscription-$all::${group}-parked`);
    expect(inAll).toContain(stream);
    await reader.subscription.unsubscribe();
  });
});

describe('several readers', () => {
  it('are no more than the group allows', async () => {
    const { stream, group } = await groupOnStream({ maxSubscriberCount: 1 });
    const first = TestReader.onStream(store.client, stream, group);
    await eventually(() => first.confirmed, 'the first reader');
    expect(await TestReader.onStream(store.client, stream, group).error()).toMatchObject({
      type: 'maximum-subscribers-reached',
      message: `9 FAILED_PRECONDITION: Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
      streamName: stream,
      groupName: group,
    });
    await first.subscription.unsubscribe();
    await eventually(async () => (await info(stream)).connections.length === 0, 'the first reader gone');
    const second = TestReader.onStream(store.client, stream, group);
    await eventually(() => second.confirmed, 'the second reader');
    await second.subscription.unsubscribe();
  });

  const pair = async (consumerStrategyName: 'RoundRobin' | 'DispatchToSingle' | 'Pinned', bufferSize: number) => {
    const mark = freshName('several');
    const filter = streamNameFilter({ prefixes: [`${mark}-`] });
    await store.client.createPersistentSubscriptionToAll(mark, toAll({ startFrom: START, consumerStrategyName }), {
      filter,
    });
    const a = TestReader.onAll(store.client, mark, bufferSize);
    await eventually(() => a.confirmed, 'first');
    const b = TestReader.onAll(store.client, mark, bufferSize);
    await eventually(() => b.confirmed, 'second');
    return { mark, a, b, close: () => Promise.all([a.subscription.unsubscribe(), b.subscription.unsubscribe()]) };
  };

  it('take turns', async () => {
    const { mark, a, b, close } = await pair('RoundRobin', 10);
    await store.client.appendToStream(`${mark}-1`, numbered(1, 6));
    await a.until(3);
    await b.until(3);
    expect([a.seen, b.seen]).toEqual([
      ['1/0', '3/0', '5/0'],
      ['2/0', '4/0', '6/0'],
    ]);
    await close();
  });

  it('get everything one after the other when dispatched to a single one', async () => {
    const { mark, a, b, close } = await pair('DispatchToSingle', 3);
    await store.client.appendToStream(`${mark}-1`, numbered(1, 4));
    await a.until(3);
    await b.until(1);
    expect([a.seen, b.seen]).toEqual([['1/0', '2/0', '3/0'], ['4/0']]);
    await close();
  });

  it('keep to their streams when pinned, while others go on', async () => {
    const { mark, a, b, close } = await pair('Pinned', 40);
    for (const round of [0, 1, 2]) {
      for (let s = 0; s < 8; s += 1) await store.client.appendToStream(`${mark}-${s}`, numbered(round, round));
    }
    await eventually(() => a.delivered.length + b.delivered.length === 24, 'all events');
    const streams = (reader: TestReader) => new Set(reader.delivered.map(({ event }) => event?.streamId));
    expect(streams(a).size + streams(b).size).toBe(8);
    expect(streams(a).size).toBe(4);
    const order = a.delivered.filter(({ event }) => event?.streamId === a.delivered[0]?.event?.streamId);
    expect(order.map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n]);
    await close();
  });
});

describe('the end of a stream', () => {
  it('by tombstone drops the readers, and whoever comes later', async () => {
    const { stream, group } = await groupOnStream({}, 1);
    const reader = TestReader.onStream(store.client, stream, group);
    await reader.until(1);
    await store.client.tombstoneStream(stream);
    const dropped = { type: 'persistent-subscription-dropped', streamName: stream };
    expect(await reader.error()).toMatchObject(dropped);
    expect(await TestReader.onStream(store.client, stream, group).error()).toMatchObject(dropped);
  });

  it('by soft delete is none: the group goes on with what is written next', async () => {
    const { stream, group } = await groupOnStream({}, 2);
    await store.client.deleteStream(stream);
    await store.client.createPersistentSubscriptionToStream(stream, 'late', toStream({ startFrom: START }));
    const reader = TestReader.onStream(store.client, stream, 'late');
    await eventually(() => reader.confirmed, 'confirmation');
    await store.client.appendToStream(stream, numbered(3, 3));
    await reader.until(1);
    expect(reader.seen).toEqual(['3/0']);
    expect(group).toBe('g');
    await reader.subscription.unsubscribe();
  });
});
