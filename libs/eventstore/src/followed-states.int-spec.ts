import { randomUUID } from 'node:crypto';
import { TempStore, tempStore } from '@hark/testing';
import { contextOf, counterDecider } from './counting.fixture';
import { EventStore } from './event-store';

const added = (n: number) => ({ type: 'counter.added', data: { n } });

describe('states that follow the tail of the log', () => {
  let server: TempStore;
  /** Who decides, and who writes elsewhere. */
  let reader: EventStore;
  let writer: EventStore;
  let reads: string[];
  beforeAll(async () => {
    server = await tempStore();
    writer = EventStore.connect(server.url);
  });
  beforeEach(() => {
    reads = [];
    reader = EventStore.connect(server.url);
    const read = reader.read.bind(reader);
    reader.read = (category, id, from) => (reads.push(id), read(category, id, from));
  });
  afterEach(() => reader.close());
  afterAll(async () => {
    await writer.close();
    await server.close();
  });
  const states = (entriesMax?: number) => reader.follow('counter', counterDecider, entriesMax ? { entriesMax } : {});
  const opened = async (n = 1) => {
    const id = randomUUID();
    await writer.append('counter', id, 'no-stream', [added(n)], contextOf());
    return id;
  };

  it('have what was acknowledged before they were asked for, and read a stream but once', async () => {
    const counters = states();
    const id = await opened();
    await counters.get(id);
    await counters.get(id);
    reads.length = 0;
    for (let n = 0; n < 50; n += 1) {
      await writer.append('counter', id, n, [added(1)], contextOf());
      expect((await counters.get(id)).state.sum).toBe(n + 2);
    }
    expect(reads).toEqual([]);
  });

  it('know of a stream that was not there, and of its first event', async () => {
    const counters = states();
    const id = randomUUID();
    await counters.get(id);
    expect((await counters.get(id)).revision).toBe(-1);
    await writer.append('counter', id, 'no-stream', [added(7)], contextOf());
    expect((await counters.get(id)).state.sum).toBe(7);
  });

  it('are never behind, however writes, reads, loads and evictions fall together', async () => {
    const counters = states(3);
    const ids = await Promise.all(Array.from({ length: 6 }, () => opened(0)));
    const sums = new Map(ids.map((id) => [id, 0]));
    const revisions = new Map(ids.map((id) => [id, 0]));
    let running = true;
    const writers = ids.map(async (id) => {
      while (running) {
        const revision = revisions.get(id)!;
        await writer.append('counter', id, revision, [added(1)], contextOf());
        revisions.set(id, revision + 1);
        sums.set(id, sums.get(id)! + 1);
      }
    });
    const check = async () => {
      for (let n = 0; n < 30; n += 1) {
        const id = ids[n % ids.length]!;
        const atLeast = sums.get(id)!;
        expect((await counters.get(id)).state.sum).toBeGreaterThanOrEqual(atLeast);
      }
    };
    await Promise.all(Array.from({ length: 8 }, check));
    running = false;
    await Promise.all(writers);
    for (const id of ids) expect((await counters.get(id)).state.sum).toBe(sums.get(id));
  });

  it('are as new after a failed read as before', async () => {
    const counters = states();
    const id = await opened();
    await counters.get(id);
    await counters.get(id);
    const { head } = reader;
    await server.stop();
    await expect(counters.get(id)).rejects.toMatchObject({ kind: 'unavailable' });
    await server.restart();
    reader.head = head;
    await writer.append('counter', id, 0, [added(4)], contextOf());
    expect((await counters.get(id)).state.sum).toBe(5);
  });

  it('see a category that somebody began to follow while the tail was read', async () => {
    const counters = states();
    const id = await opened();
    await counters.get(id);
    const reading = counters.get(id);
    await Promise.resolve();
    const others = reader.follow('tally', counterDecider);
    await reading;
    const tally = randomUUID();
    await writer.append('tally', tally, 'no-stream', [added(1)], contextOf());
    expect((await others.get(tally)).state.sum).toBe(1);
    await writer.append('tally', tally, 0, [added(1)], contextOf());
    expect((await others.get(tally)).state.sum).toBe(2);
  });

  it('need no read for a moment after an event that the tail has passed just now', async () => {
    const counters = reader.follow('counter', counterDecider, { fromBirth: true });
    const id = await opened();
    const { position } = await counters.get(id);
    await writer.append('counter', id, 0, [added(1)], contextOf());
    const recent = reader.presentAfter(position!, 60_000);
    expect((await counters.get(id, recent)).state.sum).toBe(1);
    expect((await counters.get(id, reader.presentAfter(position! + 1n, 60_000))).state.sum).toBe(2);
    expect((await counters.get(id, reader.presentAfter(position!, -1))).state.sum).toBe(2);
  });

  it('remember a stream from its first event on, where that is asked for', async () => {
    const counters = reader.follow('counter', counterDecider, { fromBirth: true });
    await counters.get(await opened());
    const id = await opened(3);
    reads.length = 0;
    expect((await counters.get(id)).state.sum).toBe(3);
    expect(reads).toEqual([]);
    expect(counters.known(id)?.revision).toBe(0);
  });
});
