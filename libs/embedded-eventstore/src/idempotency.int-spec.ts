import {
  ANY,
  type AppendExpectedRevision,
  type EventData,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, itEmbedded, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const lengthOf = async (stream: string): Promise<number> => (await collect(store.client.readStream(stream))).length;

type Repeat = [name: string, events: EventData[], expected: AppendExpectedRevision];

describe('the same event ids again', () => {
  const written = newEvents(6);
  const fresh = newEvents(1);
  const first = written.slice(0, 1);
  let stream: string;
  beforeEach(async () => {
    stream = newStream();
    await store.client.appendToStream(stream, written, { expectedRevision: NO_STREAM });
  });
  const append = (events: typeof written, expectedRevision: AppendExpectedRevision) =>
    store.client.appendToStream(stream, events, { expectedRevision });

  it.each<[...Repeat, revision: bigint]>([
    ['all of them expecting no stream', written, NO_STREAM, 5n],
    ['all of them expecting anything', written, ANY, 5n],
    ['all of them expecting a stream', written, STREAM_EXISTS, 5n],
    ['the first expecting no stream', first, NO_STREAM, 0n],
    ['the first expecting anything', first, ANY, 0n],
    ['the second after revision 0', written.slice(1, 2), 0n, 1n],
    ['the last two after revision 3', written.slice(4), 3n, 5n],
    ['two of them in another order, expecting anything', [written[3]!, written[1]!], ANY, 1n],
    ['one of them twice, expecting anything', [written[2]!, written[2]!], ANY, 2n],
  ])('%s: answered, not written', async (_name, events, expected, revision) => {
    const result = await append(events, expected);
    expect(result).toMatchObject({ success: true, nextExpectedRevision: revision });
    const [at] = await collect(store.client.readStream(stream, { fromRevision: revision, maxCount: 1 }));
    expect(result.position).toEqual(at?.event?.position);
    expect(await lengthOf(stream)).toBe(6);
  });

  it.each<Repeat>([
    ['the first after the last revision', first, 5n],
    ['a known id after an unknown one, expecting anything', [...fresh, ...first], ANY],
  ])('%s: written again', async (_name, events, expected) => {
    const { nextExpectedRevision } = await append(events, expected);
    expect(nextExpectedRevision).toBe(5n + BigInt(events.length));
  });

  it.each<Repeat>([
    ['the first one revision too late', first, 6n],
    ['the first one revision too early', first, 4n],
    ['an unknown id after known ones, expecting no stream', [...written.slice(0, 2), ...fresh], NO_STREAM],
    ['an unknown id after known ones, expecting anything', [...written.slice(0, 2), ...fresh], ANY],
    ['more than the stream has', [...written, ...fresh], NO_STREAM],
    ['the right ids in another order after a revision', [written[2]!, written[1]!], 0n],
  ])('%s: wrong version', async (_name, events, expected) => {
    await expect(append(events, expected)).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await lengthOf(stream)).toBe(6);
  });

  it('in another stream: written', async () => {
    const other = newStream();
    await store.client.appendToStream(other, written, { expectedRevision: ANY });
    expect(await lengthOf(other)).toBe(6);
  });

  it('within one append: all written, a repeat answered with the first copy', async () => {
    const other = newStream();
    const twice = [written[0]!, written[0]!];
    expect(await store.client.appendToStream(other, twice)).toMatchObject({ nextExpectedRevision: 1n });
    expect(await store.client.appendToStream(other, twice)).toMatchObject({ nextExpectedRevision: 0n });
    expect(await lengthOf(other)).toBe(2);
  });

  it('after truncation: still known to an exact version', async () => {
    await store.client.setStreamMetadata(stream, { truncateBefore: 4 });
    expect(await append(written.slice(0, 2), NO_STREAM)).toMatchObject({ nextExpectedRevision: 1n });
  });

  itEmbedded('after a restart: still known, whatever is expected', async () => {
    await store.restart();
    for (const expected of [NO_STREAM, ANY, STREAM_EXISTS] as const) {
      expect(await append(written, expected)).toMatchObject({ nextExpectedRevision: 5n });
    }
    expect(await lengthOf(stream)).toBe(6);
  });

  it('while the first try is still running: written once', async () => {
    const other = newStream();
    const tries = Array.from({ length: 8 }, () => store.client.appendToStream(other, written));
    for (const result of await Promise.all(tries)) expect(result.nextExpectedRevision).toBe(5n);
    expect(await lengthOf(other)).toBe(6);
  });
});
