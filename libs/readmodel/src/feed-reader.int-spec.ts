import { randomUUID } from 'node:crypto';
import { EventStore } from '@hark/eventstore';
import { TempStore, tempStore } from '@hark/testing';
import { FeedReader } from './feed-reader';
import { context } from './notes.fixture';

describe('readers of one feed', () => {
  let server: TempStore;
  let store: EventStore;
  let readers: FeedReader[];
  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
  });
  beforeEach(() => (readers = []));
  afterEach(() => readers.forEach((reader) => reader.close()));
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  const append = async (category: string): Promise<bigint> =>
    (await store.append(category, randomUUID(), 'no-stream', [{ type: `${category}.sent`, data: {} }], context()))
      .position;
  async function some(count: number, ...categories: string[]): Promise<bigint[]> {
    const positions = [];
    for (let n = 0; n < count; n += 1) positions.push(await append(categories[n % categories.length]!));
    return positions;
  }
  function reader(categories: string[], after: bigint, queueMax?: number): FeedReader {
    const made = new FeedReader(store, categories, after, queueMax);
    readers.push(made);
    return made;
  }
  async function read(from: FeedReader, count: number): Promise<bigint[]> {
    const positions: bigint[] = [];
    while (positions.length < count) positions.push(...(await from.next()).map(({ position }) => position));
    return positions;
  }

  it('get what is of their categories, once and in order, wherever they begin', async () => {
    const begin = await append('other');
    const old = await some(30, 'letter', 'card');
    const [letters, both] = [reader(['letter'], begin), reader(['letter', 'card'], old[9]!)];
    expect(await read(letters, 15)).toEqual(old.filter((_, n) => n % 2 === 0));
    expect(await read(both, 20)).toEqual(old.slice(10));
    const live = await some(10, 'card', 'letter');
    const late = reader(['parcel', 'card'], live[1]!);
    const parcels = await some(4, 'parcel');
    expect(await read(late, 8)).toEqual([...live.filter((_, n) => n % 2 === 0 && n > 1), ...parcels]);
    expect(await read(letters, 5)).toEqual(live.filter((_, n) => n % 2 === 1));
    expect(await read(both, 10)).toEqual(live);
    expect(await both.next(1)).toEqual([]);
  });

  it('neither wait for a slow one nor keep all that it has not read', async () => {
    const begin = await append('letter');
    const [quick, slow] = [reader(['letter'], begin), reader(['letter', 'card'], begin, 3)];
    const first = await append('letter');
    expect([await read(quick, 1), await read(slow, 1)]).toEqual([[first], [first]]);
    // They have caught up: from now on both are fed, by one feed.
    expect([await quick.next(1), await slow.next(1)]).toEqual([[], []]);
    const live = await some(40, 'letter');
    expect(await read(quick, 40)).toEqual(live);
    expect(slow.rest()).toHaveLength(3);
    const more = await some(5, 'card');
    expect(await read(slow, 42)).toEqual([...live.slice(3), ...more]);
    const last = await append('card');
    expect(await read(slow, 1)).toEqual([last]);
  });

  it('lose nothing when they are slow while they catch up', async () => {
    const begin = await append('letter');
    const old = await some(20, 'letter');
    const slow = reader(['letter'], begin, 2);
    const got = await read(slow, 1);
    const live = await some(20, 'letter');
    got.push(...(await read(slow, 40 - got.length)));
    expect(got).toEqual([...old, ...live]);
  });

  it('all hear that the log is away', async () => {
    const begin = await append('letter');
    const both = [reader(['letter'], begin), reader(['card'], begin)];
    await Promise.all(both.map((each) => each.next(1)));
    const waiting = Promise.allSettled(both.map((each) => each.next()));
    await server.restart();
    for (const told of await waiting) expect(told).toMatchObject({ reason: { kind: 'unavailable' } });
  });
});
