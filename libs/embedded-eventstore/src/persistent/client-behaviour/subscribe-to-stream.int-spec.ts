import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  binaryEvent,
  EventStoreDBClient,
  PARK,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  RETRY,
  SKIP,
  START,
  STOP,
} from '@eventstore/db-client';
import { eventually, itEmbedded, useStore } from '../../store.fixture';
import { type Delivered, freshName, numbered, streamOf, TestReader } from '../test-reader.fixture';

const store = useStore();

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');
const answered = (stream: string) =>
  eventually(async () => (await infoOf(stream)).stats.outstandingMessagesCount === 0, 'all answered');

async function groupWith(events: number, changes: Parameters<typeof toStream>[0] = {}): Promise<string> {
  const stream = freshName('subscribed');
  if (events > 0) await store.client.appendToStream(stream, numbered(1, events));
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START, ...changes }));
  return stream;
}

describe('the subscription as a stream of Node', () => {
  it('is iterated event by event, with every kind of answer', async () => {
    const stream = await groupWith(100);
    const subscription = store.client.subscribeToPersistentSubscriptionToStream(stream, 'g');
    const seen = new Set<string>();
    for await (const resolved of subscription) {
      const { id, type } = resolved.event!;
      if (!seen.has(id)) {
        seen.add(id);
        const { n } = resolved.event!.data as unknown as { n: number };
        if (n <= 20) await subscription.nack(SKIP, 'not needed', resolved);
        else if (n <= 40) await subscription.nack(RETRY, 'once more', resolved);
        else await subscription.ack(resolved);
      } else {
        expect(resolved.retryCount).toBe(1);
        await subscription.ack(resolved);
      }
      expect(type).toBe('Counted');
      if (seen.size === 100) break;
    }
    // The client leaves the call open after a break; it is the server that hears of an unsubscribe.
    await subscription.unsubscribe();
    await eventually(async () => (await infoOf(stream)).connections.length === 0, 'the reader gone');
    expect((await infoOf(stream)).stats.totalItems).toBeGreaterThanOrEqual(120n);
  });

  it('is piped, and ends where it is unsubscribed', async () => {
    const stream = await groupWith(9);
    const subscription = store.client.subscribeToPersistentSubscriptionToStream(stream, 'g');
    const acking = new Transform({
      objectMode: true,
      transform: (resolved: Delivered, _, done) => {
        subscription.ack(resolved).then(() => done(null, resolved), done);
      },
    });
    const seen: unknown[] = [];
    const last = new Writable({
      objectMode: true,
      write: ({ event }: Delivered, _, done) => {
        seen.push(event?.revision);
        if (event?.revision === 8n) subscription.unsubscribe().then(() => done(), done);
        else done();
      },
    });
    await pipeline(subscription as unknown as NodeJS.ReadableStream, acking, last);
    expect(seen).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  });

  it('holds ten events when nothing else is asked for', async () => {
    const stream = await groupWith(30);
    const reader = new TestReader(store.client.subscribeToPersistentSubscriptionToStream(stream, 'g'));
    await reader.until(10);
    expect((await infoOf(stream)).connections).toMatchObject([{ inFlightMessages: 10, availableSlots: 0 }]);
    await reader.subscription.unsubscribe();
  });

  itEmbedded('held up by its consumer is not sent more than the connection takes, and loses nothing', async () => {
    const events = 300;
    const stream = freshName('slow');
    const large = Buffer.alloc(60_000, 'x');
    for (let n = 0; n < events; n += 15) {
      await store.client.appendToStream(
        stream,
        Array.from({ length: 15 }, () => binaryEvent({ type: 'Large', data: large })),
      );
    }
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const subscription = store.client.subscribeToPersistentSubscriptionToStream(stream, 'g', { bufferSize: 1_000 });
    subscription.on('error', () => undefined).pause();
    const inFlight = async () => (await infoOf(stream)).stats.totalInFlightMessages;
    await eventually(async () => (await inFlight()) > 0, 'the first events');
    expect(await inFlight()).toBeLessThan(events);
    const revisions: bigint[] = [];
    subscription.on('data', (resolved) => {
      revisions.push(resolved.event!.revision);
      void subscription.ack(resolved);
    });
    subscription.resume();
    await eventually(() => revisions.length >= events, 'all events');
    expect(revisions).toEqual(Array.from({ length: events }, (_, n) => BigInt(n)));
    await answered(stream);
    await subscription.unsubscribe();
  });
});

describe('answers', () => {
  it('of the kind stop count as done', async () => {
    const stream = await groupWith(2);
    const reader = TestReader.onStream(store.client, stream, 'g', 1);
    await reader.subscription.nack(STOP, 'enough', (await reader.until(1))[0]!);
    await reader.subscription.ack((await reader.until(2))[1]!);
    await answered(stream);
    expect(reader.seen).toEqual(['1/0', '2/0']);
    expect((await infoOf(stream)).stats.parkedMessageCount).toBe(0n);
    await reader.subscription.unsubscribe();
  });

  it('retry before what is new, in the order of the log', async () => {
    const stream = await groupWith(5);
    const reader = TestReader.onStream(store.client, stream, 'g', 3);
    const [one, two, three] = await reader.until(3);
    await reader.subscription.nack(RETRY, '', three!, one!);
    await reader.until(5);
    await reader.subscription.nack(RETRY, '', two!);
    await reader.until(6);
    expect(reader.seen.slice(3).toSorted()).toEqual(['1/1', '2/1', '3/1']);
    await reader.subscription.ack(...reader.delivered.slice(3));
    await reader.until(8);
    expect(reader.seen.slice(6)).toEqual(['4/0', '5/0']);
    await reader.subscription.unsubscribe();
  });

  it('count every retry up to the maximum, and then park', async () => {
    const stream = await groupWith(1, { maxRetryCount: 5 });
    const reader = TestReader.onStream(store.client, stream, 'g');
    reader.subscription.on('data', (event: Delivered) => void reader.subscription.nack(RETRY, 'never', event));
    await eventually(async () => (await infoOf(stream)).stats.parkedMessageCount === 1n, 'parked');
    expect(reader.seen).toEqual(['1/0', '1/1', '1/2', '1/3', '1/4', '1/5']);
    await reader.subscription.unsubscribe();
  });

  it.each([
    ['a nack', async (reader: TestReader) => reader.subscription.nack(RETRY, '', reader.delivered[0]!)],
    ['a timeout', () => Promise.resolve()],
  ])('park at once without retries: %s', async (_, giveUp) => {
    const stream = await groupWith(1, { maxRetryCount: 0, messageTimeout: 0 });
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(1);
    await giveUp(reader);
    await eventually(async () => (await infoOf(stream)).stats.parkedMessageCount === 1n, 'parked');
    expect(reader.seen).toEqual(['1/0']);
    const [parked] = await streamOf(store.client, `$persistentsubscription-${stream}::g-parked`);
    expect(parked?.metadata).toMatchObject({ reason: 'Reached retry count of 0' });
    await reader.subscription.unsubscribe();
  });

  it('to a link are by the id of the link, and its target is what gets parked', async () => {
    const target = await groupWith(2);
    const links = freshName('linking');
    await store.client.appendToStream(
      links,
      [0, 1].map((n) => binaryEvent({ type: '$>', data: Buffer.from(`${n}@${target}`) })),
    );
    await store.client.createPersistentSubscriptionToStream(
      links,
      'g',
      toStream({ startFrom: START, resolveLinkTos: true }),
    );
    const reader = TestReader.onStream(store.client, links, 'g', 1);
    const [first] = await reader.until(1);
    await reader.subscription.nack(RETRY, '', first!);
    await reader.until(2);
    await reader.subscription.nack(PARK, 'broken', reader.delivered[1]!);
    await reader.until(3);
    expect(reader.seen).toEqual(['1/0', '1/1', '2/0']);
    await eventually(async () => (await infoOf(links)).stats.parkedMessageCount === 1n, 'one parked');
    const [parked] = await streamOf(store.client, `$persistentsubscription-${links}::g-parked`);
    expect(Buffer.from(parked?.data as unknown as Uint8Array).toString()).toBe(`0@${target}`);
    expect(parked?.metadata).toMatchObject({ subscriptionEventNumber: 0 });
    await reader.subscription.unsubscribe();
  });
});

describe('readers', () => {
  it('that vanish with their connection leave their events to others', async () => {
    const stream = await groupWith(3);
    const vanishing = EventStoreDBClient.connectionString(`esdb://${store.host}?tls=false`);
    const lost = TestReader.onStream(vanishing, stream, 'g', 2);
    await lost.until(2);
    const other = TestReader.onStream(store.client, stream, 'g');
    await other.until(1);
    await vanishing.dispose();
    await other.until(3);
    expect(other.seen).toEqual(['3/0', '1/1', '2/1']);
    await other.subscription.unsubscribe();
  });

  it('of odd names are served', async () => {
    const stream = `${freshName('odd')}::$/ %41+ü어🙂`;
    const group = 'a::b c/ヽ༼ຈل͜ຈ༽ﾉ';
    await store.client.createPersistentSubscriptionToStream(
      stream,
      group,
      toStream({ startFrom: START, maxRetryCount: 0 }),
    );
    await store.client.appendToStream(stream, numbered(1, 2));
    const reader = TestReader.onStream(store.client, stream, group);
    await reader.until(2);
    expect(reader.delivered[0]?.event?.streamId).toBe(stream);
    expect(reader.subscription.id).toBe(`${stream}::${group}`);
    for (const event of reader.delivered) await reader.subscription.nack(PARK, 'ünlesbar 🙂', event);
    const info = () => store.client.getPersistentSubscriptionToStreamInfo(stream, group);
    await eventually(async () => (await info()).stats.parkedMessageCount === 2n, 'parked');
    const parked = await streamOf(store.client, `$persistentsubscription-${stream}::${group}-parked`);
    expect(parked[0]?.metadata).toMatchObject({ reason: "Client explicitly NAK'ed message.\nünlesbar 🙂" });
    await store.client.replayParkedMessagesToStream(stream, group, { stopAt: 1 });
    await reader.until(3);
    expect(reader.seen).toEqual(['1/0', '2/0', '1/0']);
    await reader.subscription.unsubscribe();
  });

  it("of another group's parked events get the originals", async () => {
    const stream = await groupWith(2);
    const reader = TestReader.onStream(store.client, stream, 'g');
    for (const event of await reader.until(2)) await reader.subscription.nack(PARK, '', event);
    const parkedStream = `$persistentsubscription-${stream}::g-parked`;
    await store.client.createPersistentSubscriptionToStream(
      parkedStream,
      'g',
      toStream({ startFrom: START, resolveLinkTos: true }),
    );
    const undertaker = TestReader.onStream(store.client, parkedStream, 'g');
    await undertaker.until(2);
    expect(undertaker.seen).toEqual(['1/0', '2/0']);
    expect(undertaker.delivered[1]).toMatchObject({ event: { streamId: stream }, link: { streamId: parkedStream } });
    await reader.subscription.unsubscribe();
    await undertaker.subscription.unsubscribe();
  });

  it("of a stream's metadata get its last change, and then every one", async () => {
    const stream = freshName('described');
    for (const maxCount of [1, 2]) await store.client.setStreamMetadata(stream, { maxCount });
    await store.client.createPersistentSubscriptionToStream(`$$${stream}`, 'g', toStream({ startFrom: START }));
    const reader = TestReader.onStream(store.client, `$$${stream}`, 'g');
    await reader.until(1);
    for (const maxCount of [3, 4]) await store.client.setStreamMetadata(stream, { maxCount });
    await reader.until(3);
    expect(reader.delivered.map(({ event }) => event?.data)).toEqual([2, 3, 4].map((n) => ({ $maxCount: n })));
    await reader.subscription.unsubscribe();
  });
});
