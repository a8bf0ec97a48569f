import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { binaryEvent, END, jsonEvent, type ResolvedEvent, type StreamSubscription } from '@eventstore/db-client';
import { eventually, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const open: StreamSubscription[] = [];
afterEach(() => Promise.all(open.splice(0).map((subscription) => subscription.unsubscribe())));
const keep = (subscription: StreamSubscription): StreamSubscription => {
  open.push(subscription);
  return subscription;
};
const credentials = { username: 'admin', password: 'changeit' };

it('is an async iterable that can be left', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(9));
  let count = 0;
  for await (const _ of store.client.subscribeToStream(stream)) {
    count += 1;
    if (count === 9) break;
  }
  expect(count).toBe(9);
});

it('can be piped, and ended by what it is piped to', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(9));
  const subscription = store.client.subscribeToStream(stream);
  const ids: string[] = [];
  const sink = new Writable({
    objectMode: true,
    write: ({ event }: ResolvedEvent, _encoding, done) => {
      ids.push(event!.id);
      if (ids.length === 9) void subscription.unsubscribe().then(() => done());
      else done();
    },
  });
  await pipeline(subscription, sink);
  expect(ids).toHaveLength(9);
});

it('tells history and present apart, each told once', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(4));
  const heard: string[] = [];
  let ended = 0;
  const subscription = store.client.subscribeToStream(stream, { fromRevision: 2n });
  subscription
    .on('confirmation', () => heard.push('confirmation'))
    .on('caughtUp', () => heard.push('caughtUp'))
    .on('end', () => (ended += 1))
    .on('data', ({ event }) => heard.push(String(event?.revision)));
  await eventually(() => heard.includes('caughtUp'));
  await store.client.appendToStream(stream, newEvents(2));
  await eventually(() => heard.length === 5);
  await subscription.unsubscribe();
  await eventually(() => ended === 1);
  expect(heard).toEqual(['confirmation', '3', 'caughtUp', '4', '5']);
});

it('begun and ended eighty times over one connection, with appends in between, hears all of each', async () => {
  for (let n = 0; n < 80; n += 1) {
    const stream = newStream();
    const [before, after] = [newEvents(3), newEvents(7)];
    await store.client.appendToStream(stream, before, { credentials, expectedRevision: 'no_stream' });
    const ids: string[] = [];
    const subscription = store.client.subscribeToStream(stream).on('data', ({ event }) => ids.push(event!.id));
    await eventually(() => ids.length === 3);
    await store.client.appendToStream(stream, after, { credentials, expectedRevision: 2n });
    await eventually(() => ids.length === 10);
    expect(ids).toEqual([...before, ...after].map(({ id }) => id));
    await subscription.unsubscribe();
  }
});

it('of a metastream shows the last event of history and each one of the present', async () => {
  const stream = newStream();
  for (let n = 1; n <= 3; n += 1) await store.client.setStreamMetadata(stream, { maxCount: n });
  const heard: (string | bigint)[] = [];
  keep(store.client.subscribeToStream(`$$${stream}`))
    .on('caughtUp', () => heard.push('caughtUp'))
    .on('data', ({ event }) => heard.push(event!.revision));
  await eventually(() => heard.includes('caughtUp'));
  for (let n = 1; n <= 2; n += 1) await store.client.setStreamMetadata(stream, { maxCount: n });
  await eventually(() => heard.length === 4);
  expect(heard).toEqual([2n, 'caughtUp', 3n, 4n]);
});

it('of links follows them in history and present, and names the link to go on from', async () => {
  const [target, links] = [newStream(), newStream()];
  const link = (revision: number) => binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${target}`) });
  await store.client.appendToStream(target, newEvents(2));
  await store.client.appendToStream(links, [link(1), link(5)]);
  const heard: unknown[] = [];
  const listen = (from: bigint | undefined) =>
    keep(
      store.client.subscribeToStream(links, {
        resolveLinkTos: true,
        ...(from !== undefined && { fromRevision: from }),
      }),
    ).on('data', ({ event, link: via }) => heard.push([event?.streamId, event?.revision, via?.revision]));
  listen(undefined);
  await eventually(() => heard.length === 2);
  await store.client.appendToStream(links, link(0));
  await eventually(() => heard.length === 3);
  expect(heard).toEqual([
    [target, 1n, 0n],
    [undefined, undefined, 1n],
    [target, 0n, 2n],
  ]);
  heard.length = 0;
  listen(1n);
  await eventually(() => heard.length === 1);
  expect(heard).toEqual([[target, 0n, 2n]]);
});

it('carries an event as large as an append may be', async () => {
  const stream = newStream();
  const lengths: number[] = [];
  let caughtUp = false;
  keep(store.client.subscribeToStream(stream, { fromRevision: END }))
    .on('caughtUp', () => (caughtUp = true))
    .on('data', ({ event }) => lengths.push((event?.data as Uint8Array).length));
  await eventually(() => caughtUp);
  const data = new Uint8Array(1_048_576 - 10);
  for (let n = 0; n < 3; n += 1) await store.client.appendToStream(stream, binaryEvent({ type: 'large', data }));
  await eventually(() => lengths.length === 3);
  expect(lengths).toEqual(Array(3).fill(data.length));
});

it('is heard by many readers alike', async () => {
  const stream = newStream();
  const readers = Array.from({ length: 60 }, () => {
    const revisions: bigint[] = [];
    keep(store.client.subscribeToStream(stream)).on('data', ({ event }) => revisions.push(event!.revision));
    return revisions;
  });
  for (let n = 0; n < 10; n += 1) {
    await store.client.appendToStream(stream, [jsonEvent({ type: 'heard', data: {} }), ...newEvents(2)]);
  }
  await eventually(() => readers.every((revisions) => revisions.length >= 30));
  const expected = Array.from({ length: 30 }, (_, n) => BigInt(n));
  readers.forEach((revisions) => expect(revisions).toEqual(expected));
});
