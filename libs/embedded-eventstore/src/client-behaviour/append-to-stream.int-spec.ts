import {
  type AppendResult,
  binaryEvent,
  DeadlineExceededError,
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  type JSONType,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
// Credentials of one call make the client use Append instead of BatchAppend.
const paths = [
  ['batch append', {}],
  ['append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

const readBack = async (stream: string) => (await collect(store.client.readStream(stream))).map(({ event }) => event!);
const thousands = (count: number): EventData[] =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type: 'small', data: { text: 'x'.repeat(60), n } }));

describe.each(paths)('%s', (_path, options) => {
  it.each<[name: string, data: unknown]>([
    ['control characters', { text: '\u0018\u0000\u001b' }],
    ['letters whose code ends like a control character', { text: 'Ę‐ẞ' }],
    ['a bare text', 'CC ‐ 1830'],
    ['null', null],
    ['nought', 0],
    ['an empty list', []],
  ])('gives back JSON: %s', async (_name, data) => {
    const stream = newStream();
    await store.client.appendToStream(stream, jsonEvent({ type: 'told', data: data as JSONType }), options);
    expect(await readBack(stream)).toMatchObject([{ isJson: true, data }]);
  });

  it('gives back metadata as JSON or as bytes, whatever the event is', async () => {
    const stream = newStream();
    const bytes = Uint8Array.from(Buffer.from('bytes, not JSON'));
    await store.client.appendToStream(
      stream,
      [
        jsonEvent({ type: 'told', data: {}, metadata: { why: 'JSON' } }),
        binaryEvent({ type: 'told', data: Buffer.from('b'), metadata: { why: 'JSON' } }),
        jsonEvent({ type: 'told', data: {}, metadata: bytes }),
        binaryEvent({ type: 'told', data: Buffer.from('b'), metadata: bytes }),
        jsonEvent({ type: 'told', data: {} }),
        binaryEvent({ type: 'told', data: new Uint8Array(0) }),
      ],
      options,
    );
    const events = await readBack(stream);
    const [json, binary, withBytes, binaryWithBytes, none, empty] = events.map(({ metadata }) => metadata);
    expect([json, binary, none, empty]).toEqual([{ why: 'JSON' }, { why: 'JSON' }, undefined, undefined]);
    for (const metadata of [withBytes, binaryWithBytes]) {
      expect(Buffer.from(metadata as Uint8Array).toString()).toBe('bytes, not JSON');
    }
    expect(events[5]?.data).toHaveLength(0);
  });

  it.each([
    ['a NUL in it', 'a\0b'],
    ['blanks at both ends', '  a  '],
    ['a line break', 'a\nb'],
    ['an @ in it', '3@a'],
    ['a name as long as a page', 'long'.repeat(1_000)],
  ])('knows streams and types with %s', async (_name, part) => {
    const stream = `${newStream()}${part}`;
    await store.client.appendToStream(stream, jsonEvent({ type: part, data: {} }), options);
    await store.client.appendToStream(`${stream}x`, newEvents(2), options);
    expect(await readBack(stream)).toMatchObject([{ streamId: stream, type: part, revision: 0n }]);
    const refusal = store.client.appendToStream(stream, newEvents(1), { ...options, expectedRevision: NO_STREAM });
    await expect(refusal).rejects.toMatchObject({ streamName: stream, actualVersion: 0n });
  });

  it('refuses 40 000 events by their size, and takes the next append', async () => {
    const patient = { ...options, deadline: 60_000 };
    const refusal = await store.client.appendToStream(newStream(), thousands(40_000), patient).catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(refusal).toMatchObject({ maxAppendSize: 1_048_576 });
    expect(await store.client.appendToStream(newStream(), newEvents(1), options)).toMatchObject({ success: true });
  });

  it('ends at its deadline with nothing written, and takes the next append', async () => {
    const stream = newStream();
    const refusal = await store.client
      .appendToStream(stream, thousands(30_000), { ...options, deadline: 1 })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DeadlineExceededError);
    const next = await store.client.appendToStream(stream, newEvents(1), { ...options, expectedRevision: NO_STREAM });
    expect(next).toMatchObject({ success: true, nextExpectedRevision: 0n });
  });

  it('takes a deadline that never comes', async () => {
    const result = await store.client.appendToStream(newStream(), newEvents(1), { ...options, deadline: Infinity });
    expect(result).toMatchObject({ success: true });
  });

  it('continues from the revision and reads from the position it answered', async () => {
    const stream = newStream();
    let expectedRevision: bigint | typeof NO_STREAM = NO_STREAM;
    for (let n = 0; n < 3; n += 1) {
      const { nextExpectedRevision, position }: AppendResult = await store.client.appendToStream(stream, newEvents(2), {
        ...options,
        expectedRevision,
      });
      expectedRevision = nextExpectedRevision;
      const [first] = await collect(store.client.readAll({ fromPosition: position!, maxCount: 1 }));
      expect(first?.event).toMatchObject({ streamId: stream, revision: nextExpectedRevision, position });
    }
  });
});

it('puts a batch append together that the client cut into hundreds of parts', async () => {
  const stream = newStream();
  const events = newEvents(5_000);
  const result = await store.client.appendToStream(stream, events, { batchAppendSize: 1_024 });
  expect(result).toMatchObject({ success: true, nextExpectedRevision: 4_999n });
  expect((await readBack(stream)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
});

it('answers thousands of appends that one turn of the event loop began', async () => {
  const stream = newStream();
  const results = await Promise.all(
    Array.from({ length: 3_000 }, () =>
      store.client.appendToStream(stream, jsonEvent({ type: 'one', data: { n: 1 } })),
    ),
  );
  const revisions = results.map(({ nextExpectedRevision }) => nextExpectedRevision);
  expect(revisions).toEqual(Array.from({ length: 3_000 }, (_, n) => BigInt(n)));
});

describe('throwOnAppendFailure=false', () => {
  it('turns wrong versions into answers and nothing else', async () => {
    const quiet = EventStoreDBClient.connectionString(`${store.url}&throwOnAppendFailure=false`);
    const [stream, absent, tombstoned] = [newStream(), newStream(), newStream()];
    await quiet.appendToStream(stream, newEvents(3));
    await quiet.tombstoneStream(tombstoned);
    for (const [, options] of paths) {
      const present = await quiet.appendToStream(stream, newEvents(1), { ...options, expectedRevision: 0n });
      const missing = await quiet.appendToStream(absent, newEvents(1), { ...options, expectedRevision: 0n });
      expect(present).toMatchObject({ success: false, position: undefined });
      expect(missing).toMatchObject({ success: false, nextExpectedRevision: -1n, position: undefined });
      await expect(quiet.appendToStream(tombstoned, newEvents(1), options)).rejects.toBeInstanceOf(StreamDeletedError);
    }
    await expect(quiet.deleteStream(stream, { expectedRevision: 0n })).rejects.toBeInstanceOf(
      WrongExpectedVersionError,
    );
    await quiet.dispose();
  });
});
