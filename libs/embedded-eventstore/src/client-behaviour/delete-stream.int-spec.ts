import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((e: unknown) => e);
const last = async (stream: string): Promise<bigint> =>
  (await collect(store.client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 })))[0]!.event!
    .revision;

describe('a refusal names the stream', () => {
  // The client reads this name from a trailer, and does not survive one that is missing.
  it.each([
    ['a plain name', 'plain', 'plain'],
    ['blanks at its end', 'blank  ', 'blank%20%20'],
    ['a line break', 'a\r\nb', 'a%0D%0Ab'],
    ['a NUL', 'a\0', 'a%00'],
    ['letters beyond ASCII', 'ä😀', '%C3%A4%F0%9F%98%80'],
    ['a percent sign', '100%', '100%'],
    ['commas and quotes', 'a, "b"', 'a, "b"'],
  ])('with %s', async (_name, part, encoded) => {
    const stream = `${newStream()}${part}`;
    const expected = stream.replace(part, encoded);
    for (const refused of [
      () => store.client.deleteStream(stream),
      () => store.client.deleteStream(stream, { expectedRevision: 3n }),
      () => store.client.tombstoneStream(stream, { expectedRevision: 3n }),
    ]) {
      const error = await failure(refused());
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ streamName: expected, actualVersion: -1n });
    }
    await store.client.tombstoneStream(stream);
    for (const refused of [
      () => store.client.deleteStream(stream),
      () => store.client.tombstoneStream(stream),
      () => collect(store.client.readStream(stream)),
    ]) {
      const error = await failure(refused());
      expect(error).toBeInstanceOf(StreamDeletedError);
      expect(error).toMatchObject({ streamName: expected });
    }
  });

  it.each([
    ['blanks alone', ' '.repeat(3), '%20%20%20'],
    ['a blank before it', ' before', '%20before'],
  ])('with %s', async (_name, stream, encoded) => {
    const error = await failure(store.client.deleteStream(stream, { expectedRevision: 1_000n }));
    expect(error).toMatchObject({ type: 'wrong-expected-version', streamName: encoded });
  });

  it.each(['x', 'ä', ' '])(
    'made of a hundred thousand times %j as far as headers go, and the client lives on',
    async (part) => {
      // A client of its own, by its options: one that breaks must not take the others' connection.
      const client = EventStoreDBClient.connectionString(`${store.url}&keepAliveInterval=30000`);
      const stream = `${newStream()}${part.repeat(100_000)}`;
      const error = await failure(client.deleteStream(stream));
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect((error as WrongExpectedVersionError).streamName).toContain(stream.slice(0, 30));
      await client.appendToStream(stream, newEvents(1));
      expect(await collect(client.readStream(stream))).toHaveLength(1);
      await client.tombstoneStream(stream);
      expect(await failure(collect(client.readStream(stream)))).toBeInstanceOf(StreamDeletedError);
      await client.dispose();
    },
  );
});

it('takes the revision that a backwards read found', async () => {
  for (const end of ['deleteStream', 'tombstoneStream'] as const) {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(4));
    const refused = await failure(store.client[end](stream, { expectedRevision: 2n }));
    expect(refused).toMatchObject({ type: 'wrong-expected-version', expectedVersion: 2n, actualVersion: 3n });
    await store.client[end](stream, { expectedRevision: await last(stream) });
    const gone = end === 'deleteStream' ? StreamNotFoundError : StreamDeletedError;
    expect(await failure(collect(store.client.readStream(stream, { maxCount: 1 })))).toBeInstanceOf(gone);
  }
});

it('of a metastream has an effect of its own, which leaves the stream as it is', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(3));
  await store.client.setStreamMetadata(stream, { maxCount: 2 });
  await store.client.deleteStream(`$$${stream}`);
  expect(await collect(store.client.readStream(stream))).toHaveLength(2);
  expect(await store.client.getStreamMetadata(stream)).toMatchObject({ metadata: { maxCount: 2 } });
});

it('of a stream that comes back by an append of nothing counts on', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(3));
  await store.client.deleteStream(stream);
  expect(await store.client.appendToStream(stream, [], { expectedRevision: 2n })).toMatchObject({ success: true });
  expect(await collect(store.client.readStream(stream))).toEqual([]);
  await store.client.appendToStream(stream, newEvents(1), { expectedRevision: 2n });
  expect(await last(stream)).toBe(3n);
});

it('and a repeat of an old append leave a stream deleted', async () => {
  const stream = newStream();
  const events = newEvents(3);
  const first = await store.client.appendToStream(stream, events, { expectedRevision: NO_STREAM });
  await store.client.deleteStream(stream);
  expect(await store.client.appendToStream(stream, events)).toEqual(first);
  expect(await failure(collect(store.client.readStream(stream)))).toBeInstanceOf(StreamNotFoundError);
});
