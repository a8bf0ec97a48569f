import {
  ANY,
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  type ExpectedRevision,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { DeleteReq } from '@eventstore/db-client/generated/streams_pb';
import type { ServiceError } from '@grpc/grpc-js';
import { collect, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const revisions = async (stream: string): Promise<number[]> =>
  (await collect(store.client.readStream(stream))).map(({ event }) => Number(event?.revision));
const streamOf = async (count: number): Promise<string> => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(count));
  return stream;
};
const lastOfAll = async () =>
  (await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })))[0]?.event;

describe('soft delete', () => {
  it.each([ANY, 2n] as const)(
    'of a stream, expecting %s, hides it and names the position of the change',
    async (expectedRevision) => {
      const stream = await streamOf(3);
      const { position } = await store.client.deleteStream(stream, { expectedRevision });
      const event = await lastOfAll();
      expect(event).toMatchObject({ streamId: `$$${stream}`, type: '$metadata', isJson: true });
      expect(position).toEqual(event?.position);
      await expect(revisions(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
      expect(await collect(store.client.readStream(`$$${stream}`))).toHaveLength(1);
    },
  );

  it.each([
    ['a present stream', 3, 1n, 2n],
    ['a present stream', 3, 5n, 2n],
    ['a present stream', 3, NO_STREAM, 2n],
    ['an absent stream', 0, 0n, -1n],
    ['an absent stream', 0, NO_STREAM, -1n],
    ['an absent stream', 0, ANY, -1n],
  ] as const)('of %s of %i events, expecting %s: wrong version', async (_name, count, expectedRevision, actual) => {
    const stream = count === 0 ? newStream() : await streamOf(count);
    const refusal = await store.client.deleteStream(stream, { expectedRevision }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
    const expected = { any: -2n, no_stream: -1n }[String(expectedRevision)] ?? expectedRevision;
    expect(refusal).toMatchObject({ streamName: stream, expectedVersion: expected, actualVersion: actual });
  });

  it('of a stream that has metadata only succeeds', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    await store.client.deleteStream(stream, { expectedRevision: NO_STREAM });
  });

  it('again succeeds, but not expecting a stream', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    await store.client.deleteStream(stream);
    await store.client.deleteStream(stream, { expectedRevision: 2n });
    const identifier = new StreamIdentifier().setStreamName(Buffer.from(stream));
    const options = new DeleteReq.Options().setStreamIdentifier(identifier).setStreamExists(new Empty());
    const error = await new Promise<ServiceError | null>((resolve) => {
      store.raw.delete(new DeleteReq().setOptions(options), resolve);
    });
    expect(error?.metadata.get('exception')).toEqual(['stream-deleted']);
  });

  it('replaces all other metadata', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 2, custom: 1 });
    await store.client.deleteStream(stream);
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(Object.keys(metadata ?? {})).toEqual(['truncateBefore']);
  });
});

describe('a stream that is appended to after its soft delete', () => {
  it('goes on counting and shows what is new', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    const before = await lastOfAll();
    const { position } = await store.client.appendToStream(stream, newEvents(2), { expectedRevision: NO_STREAM });
    expect(await revisions(stream)).toEqual([3, 4]);
    const after = (await collect(store.client.readAll({ fromPosition: before!.position }))).slice(1);
    expect(after.map(({ event }) => [event?.streamId, event?.type])).toEqual([
      [stream, 'counted'],
      [stream, 'counted'],
      [`$$${stream}`, '$metadata'],
    ]);
    expect(position).toEqual(after[1]?.event?.position);
    expect(await store.client.getStreamMetadata(stream)).toMatchObject({ metadata: { truncateBefore: 3 } });
  });

  it('can be deleted and begun anew many times', async () => {
    const stream = newStream();
    for (let n = 0; n < 4; n += 1) {
      await store.client.appendToStream(stream, newEvents(1));
      expect(await revisions(stream)).toEqual([n]);
      await store.client.deleteStream(stream);
    }
  });

  it('is also brought back by a write of metadata', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    await store.client.setStreamMetadata(stream, { maxCount: 7, custom: 'mine' });
    expect(await store.client.getStreamMetadata(stream)).toMatchObject({
      metadata: { maxCount: 7, custom: 'mine', truncateBefore: 3 },
    });
    expect(await revisions(stream)).toEqual([]);
    await store.client.appendToStream(stream, newEvents(1), { expectedRevision: 2n });
    expect(await revisions(stream)).toEqual([3]);
  });
});

describe('tombstone', () => {
  it.each<[name: string, count: number, expected: AppendExpectedRevision]>([
    ['a present stream', 3, ANY],
    ['a present stream', 3, STREAM_EXISTS],
    ['a present stream', 3, 2n],
    ['an absent stream', 0, ANY],
    ['an absent stream', 0, NO_STREAM],
  ])('of %s of %i events, expecting %s, is for ever', async (_name, count, expectedRevision) => {
    const stream = count === 0 ? newStream() : await streamOf(count);
    const { position } = await store.client.tombstoneStream(stream, {
      expectedRevision: expectedRevision as ExpectedRevision,
    });
    const event = await lastOfAll();
    expect(event).toMatchObject({ streamId: stream, type: '$streamDeleted' });
    expect(position).toEqual(event?.position);
    for (const attempt of [
      () => revisions(stream),
      () => store.client.appendToStream(stream, newEvents(1)),
      () => store.client.setStreamMetadata(stream, { maxCount: 1 }),
      () => store.client.deleteStream(stream),
      () => store.client.tombstoneStream(stream),
    ]) {
      const refusal = await (attempt() as Promise<unknown>).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StreamDeletedError);
    }
  });

  it.each<[name: string, count: number, expected: AppendExpectedRevision, trailer: bigint, actual: bigint]>([
    ['a present stream', 3, NO_STREAM, -1n, 2n],
    ['a present stream', 3, 1n, 1n, 2n],
    ['an absent stream', 0, STREAM_EXISTS, -4n, -1n],
    ['an absent stream', 0, 0n, 0n, -1n],
  ] as const)(
    'of %s of %i events, expecting %s: wrong version',
    async (_name, count, expectedRevision, expected, actual) => {
      const stream = count === 0 ? newStream() : await streamOf(count);
      await expect(
        store.client.tombstoneStream(stream, { expectedRevision: expectedRevision as ExpectedRevision }),
      ).rejects.toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: expected,
        actualVersion: actual,
      });
    },
  );

  it('of a soft-deleted stream succeeds', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    await store.client.tombstoneStream(stream);
    await expect(revisions(stream)).rejects.toBeInstanceOf(StreamDeletedError);
  });
});
