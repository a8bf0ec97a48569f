import { randomUUID } from 'node:crypto';
import { TempStore, tempStore } from '@hark/testing';
import { contextOf, counterDecider } from './counting.fixture';
import { EventStore } from './event-store';

const added = (n: number) => ({ type: 'counter.added', data: { n } });

describe('remembered folds', () => {
  let server: TempStore;
  let store: EventStore;
  let reads: { id: string; from: number | undefined }[];
  let watched: EventStore;
  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
  });
  beforeEach(() => {
    reads = [];
    const read: EventStore['read'] = (category, id, from) => {
      reads.push({ id, from });
      return store.read(category, id, from);
    };
    watched = Object.assign(Object.create(store), { read }) as EventStore;
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });
  const cacheOf = (entriesMax?: number) =>
    watched.streams('counter', counterDecider, entriesMax === undefined ? {} : { entriesMax });

  it('reads only what is new, and never answers with less than what was there', async () => {
    const id = randomUUID();
    const cache = cacheOf();
    await store.append('counter', id, 'no-stream', [added(1), added(2)], contextOf());
    expect((await cache.get(id)).state.sum).toBe(3);
    await store.append('counter', id, 1, [added(4)], contextOf());
    expect((await cache.get(id)).state.sum).toBe(7);
    expect(reads.map(({ from }) => from)).toEqual([0, 2]);
  });

  it('shares one read among the calls of one tick, and begins a new one for a call that comes later', async () => {
    const id = randomUUID();
    const cache = cacheOf();
    await store.append('counter', id, 'no-stream', [added(1)], contextOf());
    const first = [cache.get(id), cache.get(id), cache.get(id)];
    await new Promise((resolve) => setImmediate(resolve));
    const second = [cache.get(id), cache.get(id)];
    expect((await Promise.all([...first, ...second])).map(({ state }) => state.sum)).toEqual([1, 1, 1, 1, 1]);
    expect(reads).toHaveLength(2);
  });

  it('forgets the least lately used stream and reads it anew', async () => {
    const cache = cacheOf(2);
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of [a, b, c]) await store.append('counter', id, 'no-stream', [added(1)], contextOf());
    for (const id of [a, b, a, c, a, b]) await cache.get(id);
    expect(reads.map(({ id, from }) => [id, from])).toEqual([
      [a, 0],
      [b, 0],
      [a, 1],
      [c, 0],
      [a, 1],
      [b, 0],
    ]);
  });

  it('fails for all who share the read, and not for those who come after', async () => {
    const id = randomUUID();
    const cache = cacheOf();
    await store.append('counter', id, 'no-stream', [added(1)], contextOf());
    const read = watched.read;
    watched.read = () => Promise.reject(new Error('away'));
    const failed = await Promise.allSettled([cache.get(id), cache.get(id)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    watched.read = read;
    expect((await cache.get(id)).state.sum).toBe(1);
  });
});
