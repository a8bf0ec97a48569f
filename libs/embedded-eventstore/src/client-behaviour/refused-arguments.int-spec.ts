import { type AppendExpectedRevision, binaryEvent, END, jsonEvent, UnknownError } from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((e: unknown) => e);

describe.each([
  ['batch append', {}],
  ['append', { credentials: { username: 'admin', password: 'changeit' } }],
])('%s', (_path, options) => {
  const append = (stream: string, events = newEvents(1), expectedRevision: AppendExpectedRevision = 'any') =>
    store.client.appendToStream(stream, events, { ...options, expectedRevision });

  it.each([
    ['a nameless stream', () => append('')],
    ['the metastream of a nameless stream', () => append('$$')],
    ['a nameless type', () => append(newStream(), [jsonEvent({ type: '', data: {} })])],
    ['an id that is no UUID', () => append(newStream(), [jsonEvent({ type: 't', data: {}, id: 'none' })])],
    [
      'a good event before a bad one',
      () => append(newStream(), [...newEvents(1), binaryEvent({ type: '', data: Buffer.from('b') })]),
    ],
  ])('refuses %s and takes the next one', async (_name, refused) => {
    expect(await failure(refused())).toBeInstanceOf(UnknownError);
    expect(await append(newStream())).toMatchObject({ success: true, nextExpectedRevision: 0n });
  });

  it('writes nothing of what it refuses', async () => {
    const stream = newStream();
    await failure(append(stream, [...newEvents(2), jsonEvent({ type: '', data: {} })]));
    expect(await append(stream, newEvents(1), 'no_stream')).toMatchObject({ nextExpectedRevision: 0n });
  });

  it('takes an append of nothing to a stream that is not there', async () => {
    const stream = newStream();
    expect(await append(stream, [])).toMatchObject({ success: true });
    expect(await append(stream, [], 'no_stream')).toMatchObject({ success: true });
    expect(await failure(append(stream, [], 'stream_exists'))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await failure(append(stream, [], 0n))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await append(stream, newEvents(1), 'no_stream')).toMatchObject({ nextExpectedRevision: 0n });
  });
});

it.each([
  ['a read of a nameless stream', () => collect(store.client.readStream(''))],
  ['a read forwards from the end', () => collect(store.client.readStream(newStream(), { fromRevision: END }))],
  ['a deletion of a nameless stream', () => store.client.deleteStream('')],
  ['a tombstone for a nameless stream', () => store.client.tombstoneStream('')],
  ['a tombstone for the stream $$', () => store.client.tombstoneStream('$$')],
  ['metadata of a nameless stream', () => store.client.setStreamMetadata('', { maxCount: 1 })],
])('%s is refused', async (_name, refused) => {
  expect(await failure(refused() as Promise<unknown>)).toBeInstanceOf(UnknownError);
});
