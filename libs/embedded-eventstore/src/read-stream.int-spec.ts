import {
  BACKWARDS,
  END,
  FORWARDS,
  jsonEvent,
  type ReadRevision,
  START,
  StreamDeletedError,
  type StreamMetadata,
  StreamNotFoundError,
  UnknownError,
} from '@eventstore/db-client';
import { collect, eventually, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const ten = newStream();
beforeAll(() => store.client.appendToStream(ten, newEvents(10)));

const revisions = async (stream: string, options: object = {}): Promise<number[]> =>
  (await collect(store.client.readStream(stream, options))).map(({ event }) => Number(event?.revision));

describe('a stream of ten events', () => {
  it.each<[typeof FORWARDS | typeof BACKWARDS, ReadRevision, number | undefined, number[]]>([
    [FORWARDS, START, undefined, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [FORWARDS, START, 3, [0, 1, 2]],
    [FORWARDS, 7n, undefined, [7, 8, 9]],
    [FORWARDS, 9n, 5, [9]],
    [FORWARDS, 10n, undefined, []],
    [FORWARDS, 9_007_199_254_740_993n, undefined, []],
    [FORWARDS, 18_446_744_073_709_551_614n, undefined, []],
    [BACKWARDS, END, undefined, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    [BACKWARDS, END, 2, [9, 8]],
    [BACKWARDS, 4n, 3, [4, 3, 2]],
    [BACKWARDS, 40n, 2, [9, 8]],
    [BACKWARDS, 9_007_199_254_740_993n, 1, [9]],
    [BACKWARDS, START, undefined, [0]],
    [BACKWARDS, 0n, 5, [0]],
  ])('read %s from %s, at most %s', async (direction, fromRevision, maxCount, expected) => {
    expect(await revisions(ten, { direction, fromRevision, ...(maxCount !== undefined && { maxCount }) })).toEqual(
      expected,
    );
  });

  it.each([
    ['forwards from the end', { direction: FORWARDS, fromRevision: END }],
    ['with a count of 0', { maxCount: 0 }],
  ])('refuses to be read %s', async (_name, options) => {
    await expect(revisions(ten, options)).rejects.toBeInstanceOf(UnknownError);
  });
});

it('does not find a stream that never was', async () => {
  const stream = newStream();
  for (const direction of [FORWARDS, BACKWARDS] as const) {
    const refusal = await revisions(stream, { direction }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StreamNotFoundError);
    expect(refusal).toMatchObject({ streamName: stream });
  }
});

it('does not find a stream that has metadata only', async () => {
  const stream = newStream();
  await store.client.setStreamMetadata(stream, { maxCount: 3 });
  await expect(revisions(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
});

it('refuses a tombstoned stream and its metadata', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(1));
  await store.client.setStreamMetadata(stream, { maxCount: 3 });
  await store.client.tombstoneStream(stream);
  await expect(revisions(stream)).rejects.toMatchObject({ streamName: stream });
  await expect(revisions(stream)).rejects.toBeInstanceOf(StreamDeletedError);
  await expect(store.client.getStreamMetadata(stream)).rejects.toBeInstanceOf(StreamDeletedError);
});

it('reads a stream much longer than a page, and streams with any name', async () => {
  const stream = `${newStream()} ä/😀 %41`;
  for (let n = 0; n < 10; n += 1) await store.client.appendToStream(stream, newEvents(100));
  const events = await collect(store.client.readStream(stream));
  expect(events.map(({ event }) => event?.revision)).toEqual(Array.from({ length: 1_000 }, (_, n) => BigInt(n)));
  expect(new Set(events.map(({ event }) => event?.streamId))).toEqual(new Set([stream]));
  expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 600 })).toHaveLength(600);
});

it('carries a slow reader through events of half a megabyte', async () => {
  const stream = newStream();
  for (let n = 0; n < 12; n += 1) {
    await store.client.appendToStream(stream, jsonEvent({ type: 'large', data: 'x'.repeat(500_000) }));
  }
  let seen = 0;
  for await (const _ of store.client.readStream(stream)) {
    seen += 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(seen).toBe(12);
});

describe('metadata', () => {
  const withMetadata = async (metadata: StreamMetadata): Promise<string> => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(10));
    await store.client.setStreamMetadata(stream, metadata);
    return stream;
  };

  it.each<[StreamMetadata, number[]]>([
    [{ maxCount: 3 }, [7, 8, 9]],
    [{ maxCount: 30 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [{ truncateBefore: 8 }, [8, 9]],
    [{ truncateBefore: 20 }, []],
    [{ truncateBefore: 8, maxCount: 5 }, [8, 9]],
    [{ truncateBefore: 2, maxCount: 2 }, [8, 9]],
    [{ maxAge: 3_600 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [{ truncateBefore: 0 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%j leaves %j', async (metadata, visible) => {
    const stream = await withMetadata(metadata);
    expect(await revisions(stream)).toEqual(visible);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([...visible].reverse());
    expect(await revisions(stream, { fromRevision: 1n, maxCount: 1 })).toEqual(
      visible.filter((n) => n >= 1).slice(0, 1),
    );
  });

  it.each([
    ['a fraction', '{"$maxCount":1.5}'],
    ['a text for a number', '{"$maxCount":"3"}'],
    ['null for a number', '{"$tb":null}'],
    ['a number beyond 64 bits', '{"$maxCount":3,"$tb":9223372036854776000}'],
    ['a list', '[3]'],
    ['one wrong member beside a right one', '{"$maxCount":3,"$maxAge":"1"}'],
    ['values that are not positive', '{"$maxCount":0,"$maxAge":-1,"$tb":-5}'],
    ['unknown members only', '{"mine":{"$maxCount":1}}'],
  ])('of %s hides nothing', async (_name, text) => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(10));
    await store.client.appendToStream(`$$${stream}`, jsonEvent({ type: '$metadata', data: JSON.parse(text) }));
    expect(await revisions(stream)).toHaveLength(10);
  });

  it('that is not marked as JSON hides nothing', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(10));
    const data = Buffer.from('{"$maxCount":1}');
    await store.client.appendToStream(`$$${stream}`, {
      ...jsonEvent({ type: '$metadata', data: {} }),
      contentType: 'application/octet-stream',
      data,
    } as never);
    expect(await revisions(stream)).toHaveLength(10);
  });

  it('hides events older than $maxAge, and a stream of such alone is empty, not absent', async () => {
    const stream = await withMetadata({ maxAge: 3 });
    await eventually(async () => (await revisions(stream)).length === 0);
    await store.client.appendToStream(stream, newEvents(1));
    expect(await revisions(stream)).toEqual([10]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([10]);
  });

  it('of a metastream is its last event alone', async () => {
    const stream = await withMetadata({ maxCount: 3 });
    await store.client.setStreamMetadata(stream, { maxCount: 4, custom: 'kept' });
    expect(await revisions(`$$${stream}`)).toEqual([1]);
    expect(await store.client.getStreamMetadata(stream)).toMatchObject({ metadata: { maxCount: 4, custom: 'kept' } });
    await expect(
      store.client.setStreamMetadata(stream, { maxCount: 5 }, { expectedRevision: 0n }),
    ).rejects.toMatchObject({ actualVersion: 1n });
  });

  it('does not change numbering or expected versions', async () => {
    const stream = await withMetadata({ truncateBefore: 20 });
    const result = await store.client.appendToStream(stream, newEvents(1), { expectedRevision: 9n });
    expect(result.nextExpectedRevision).toBe(10n);
    expect(await revisions(stream)).toEqual([]);
  });
});

describe('links', () => {
  const link = (revision: number, stream: string) => ({
    ...jsonEvent({ type: '$>', data: {} }),
    contentType: 'application/octet-stream',
    data: Buffer.from(`${revision}@${stream}`),
  });

  it('are followed one level when asked for', async () => {
    const [target, links] = [newStream(), newStream()];
    await store.client.appendToStream(target, newEvents(5));
    const gone = newStream();
    await store.client.appendToStream(links, [
      link(3, target),
      link(99, target),
      link(0, gone),
      link(0, links),
    ] as never);
    await store.client.setStreamMetadata(target, { truncateBefore: 2 });
    await store.client.appendToStream(links, link(1, target) as never);
    await store.client.appendToStream(links, {
      ...jsonEvent({ type: '$>', data: {} }),
      contentType: 'application/octet-stream',
      data: Buffer.from('no link at all'),
    } as never);
    const resolved = await collect(store.client.readStream(links, { resolveLinkTos: true }));
    expect(resolved.map(({ event, link }) => [event && [event.streamId, event.revision], link?.revision])).toEqual([
      [[target, 3n], 0n],
      [undefined, 1n],
      [undefined, 2n],
      [[links, 0n], 3n],
      [undefined, 4n],
      [[links, 5n], undefined],
    ]);
    expect(resolved[0]?.commitPosition).toBe(resolved[0]?.link?.position?.commit);
    const plain = await collect(store.client.readStream(links));
    expect(plain.map(({ event, link }) => [event?.type, link])).toEqual(plain.map(() => ['$>', undefined]));
  });

  it('to a deleted or tombstoned stream lead nowhere', async () => {
    const [deleted, tombstoned, links] = [newStream(), newStream(), newStream()];
    for (const stream of [deleted, tombstoned]) await store.client.appendToStream(stream, newEvents(1));
    await store.client.appendToStream(links, [link(0, deleted), link(0, tombstoned)] as never);
    await store.client.deleteStream(deleted);
    await store.client.tombstoneStream(tombstoned);
    const resolved = await collect(store.client.readStream(links, { resolveLinkTos: true }));
    expect(resolved.map(({ event, link }) => [event, link?.type])).toEqual([
      [undefined, '$>'],
      [undefined, '$>'],
    ]);
  });
});
