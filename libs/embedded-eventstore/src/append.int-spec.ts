import { randomUUID } from 'node:crypto';
import {
  ANY,
  type AppendExpectedRevision,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
// Credentials of one call make the client use Append instead of BatchAppend.
const paths = [
  ['batch append', {}],
  ['append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

/** Streams with three events (last revision 2), in each condition an append can meet. */
const streams: Record<string, () => Promise<string>> = {
  absent: async () => newStream(),
  present: async () => {
    const name = newStream();
    await store.client.appendToStream(name, newEvents(3));
    return name;
  },
  'soft-deleted': async () => {
    const name = await streams['present']!();
    await store.client.deleteStream(name);
    return name;
  },
  tombstoned: async () => {
    const name = await streams['present']!();
    await store.client.tombstoneStream(name);
    return name;
  },
  'metadata only': async () => {
    const name = newStream();
    await store.client.setStreamMetadata(name, { maxCount: 10 });
    return name;
  },
};

const wrong = WrongExpectedVersionError;
const deleted = StreamDeletedError;
const table: [stream: string, expected: AppendExpectedRevision, outcome: bigint | typeof wrong | typeof deleted][] = [
  ['absent', ANY, 0n],
  ['absent', NO_STREAM, 0n],
  ['absent', STREAM_EXISTS, wrong],
  ['absent', 0n, wrong],
  ['present', ANY, 3n],
  ['present', NO_STREAM, wrong],
  ['present', STREAM_EXISTS, 3n],
  ['present', 2n, 3n],
  ['present', 1n, wrong],
  ['present', 3n, wrong],
  ['soft-deleted', ANY, 3n],
  ['soft-deleted', NO_STREAM, 3n],
  ['soft-deleted', STREAM_EXISTS, deleted],
  ['soft-deleted', 2n, 3n],
  ['soft-deleted', 1n, wrong],
  ['soft-deleted', 3n, wrong],
  ['tombstoned', ANY, deleted],
  ['tombstoned', NO_STREAM, deleted],
  ['tombstoned', STREAM_EXISTS, deleted],
  ['tombstoned', 2n, deleted],
  ['tombstoned', 7n, deleted],
  ['metadata only', ANY, 0n],
  ['metadata only', NO_STREAM, 0n],
  ['metadata only', STREAM_EXISTS, 0n],
  ['metadata only', 0n, wrong],
];

describe.each(paths)('%s', (_path, options) => {
  const append = (stream: string, expectedRevision: AppendExpectedRevision, events = newEvents(1)) =>
    store.client.appendToStream(stream, events, { ...options, expectedRevision });

  it.each(table)('to a stream that is %s, expecting %s', async (condition, expected, outcome) => {
    const stream = await streams[condition]!();
    if (typeof outcome === 'bigint') {
      const result = await append(stream, expected);
      expect(result).toMatchObject({ success: true, nextExpectedRevision: outcome });
      const [last] = await collect(
        store.client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }),
      );
      expect(last?.event?.position).toEqual(result.position);
    } else {
      const refusal = await append(stream, expected).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(outcome);
      expect(refusal).toMatchObject({ streamName: stream });
    }
  });

  it('names the expected and the actual version', async () => {
    const stream = await streams['present']!();
    await expect(append(stream, 9n)).rejects.toMatchObject({ expectedVersion: 9n, actualVersion: 2n });
    await expect(append(stream, NO_STREAM)).rejects.toMatchObject({ expectedVersion: NO_STREAM, actualVersion: 2n });
    await expect(append(newStream(), 4n)).rejects.toMatchObject({ expectedVersion: 4n, actualVersion: NO_STREAM });
    await expect(append(newStream(), STREAM_EXISTS)).rejects.toMatchObject({
      expectedVersion: STREAM_EXISTS,
      actualVersion: NO_STREAM,
    });
  });

  it('keeps type, ids, data and metadata as they were', async () => {
    const stream = newStream();
    const json = jsonEvent({ type: 'jsön', data: { text: 'ä€😀' }, metadata: { why: ['because'] } });
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
    const binary = binaryEvent({ type: 'bytes', data: bytes, metadata: Uint8Array.of(0, 255) });
    const upper = { ...jsonEvent({ type: 'upper', data: {} }), id: randomUUID().toUpperCase() };
    const before = Date.now();
    await append(stream, NO_STREAM, [json, binary, upper]);
    const read = (await collect(store.client.readStream(stream))).map(({ event }) => event);
    expect(read).toMatchObject([
      { id: json.id, type: 'jsön', isJson: true, data: json.data, metadata: json.metadata, streamId: stream },
      { id: binary.id, type: 'bytes', isJson: false, revision: 1n },
      { id: upper.id.toLowerCase(), revision: 2n, metadata: undefined },
    ]);
    expect(Buffer.from(read[1]?.data as Uint8Array)).toEqual(Buffer.from(bytes));
    expect(Buffer.from(read[1]?.metadata as Uint8Array)).toEqual(Buffer.of(0, 255));
    expect(Math.abs((read[0]?.created.getTime() ?? 0) - before)).toBeLessThan(60_000);
  });

  it('gives positions that only grow, each event its own', async () => {
    const stream = newStream();
    await append(stream, ANY, newEvents(5));
    const positions = (await collect(store.client.readStream(stream))).map(({ event }) => event?.position);
    positions.forEach((position) => expect(position?.commit).toBe(position?.prepare));
    const commits = positions.map((position) => position?.commit ?? 0n);
    expect([...new Set(commits)].sort((a, b) => (a < b ? -1 : 1))).toEqual(commits);
  });

  it('refuses more than 1 MiB, and says how much that is', async () => {
    // More than 3 MiB: the client cuts a batch append of this size into several messages.
    const tooBig = Array.from({ length: 4_000 }, () => jsonEvent({ type: 'small', data: 'x'.repeat(1_000) }));
    const refusal = await append(newStream(), ANY, tooBig).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(refusal).toMatchObject({ maxAppendSize: 1_048_576 });
  });

  it('counts data, metadata and twice the type towards the size', async () => {
    const event = (bytes: number) =>
      binaryEvent({ type: 'tt', data: new Uint8Array(bytes), metadata: new Uint8Array(10) });
    await append(newStream(), ANY, [event(1_048_576 - 14)]);
    await expect(append(newStream(), ANY, [event(1_048_576 - 13)])).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
  });

  it('takes no events at all when the version fits', async () => {
    const stream = await streams['present']!();
    expect(await append(stream, ANY, [])).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(await append(stream, 2n, [])).toMatchObject({ success: true, nextExpectedRevision: 2n });
    await expect(append(stream, 1n, [])).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await collect(store.client.readStream(stream))).toHaveLength(3);
  });

  it('writes all events of an append or none', async () => {
    const stream = await streams['present']!();
    await expect(append(stream, 1n, newEvents(10))).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await collect(store.client.readStream(stream))).toHaveLength(3);
  });

  it('lets one of many writers with the same expectation win', async () => {
    const stream = newStream();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => append(stream, NO_STREAM)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps concurrent appends whole and the stream without gaps', async () => {
    const stream = newStream();
    await Promise.all(Array.from({ length: 30 }, (_, n) => append(stream, ANY, newEvents(4, `writer-${n}`))));
    const events = (await collect(store.client.readStream(stream))).map(({ event }) => event!);
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 120 }, (_, n) => BigInt(n)));
    for (let n = 0; n < events.length; n += 4) {
      expect(new Set(events.slice(n, n + 4).map(({ type }) => type)).size).toBe(1);
      expect(events.slice(n, n + 4).map(({ data }) => data)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    }
  });
});

describe('throwOnAppendFailure=false', () => {
  it('answers a wrong version of append with the revision there is', async () => {
    const quiet = EventStoreDBClient.connectionString(`${store.url}&throwOnAppendFailure=false`);
    const stream = await streams['present']!();
    const [, [, viaAppend]] = paths;
    const result = await quiet.appendToStream(stream, newEvents(1), { ...viaAppend, expectedRevision: 0n });
    expect(result).toMatchObject({ success: false, nextExpectedRevision: 2n, position: undefined });
    await quiet.dispose();
  });
});
