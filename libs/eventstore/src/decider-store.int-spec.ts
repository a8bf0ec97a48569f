import { randomUUID } from 'node:crypto';
import { TempStore, tempStore } from '@hark/testing';
import { contextOf, counterDecider } from './counting.fixture';
import { DeciderStore } from './decider-store';
import { EventStore } from './event-store';

describe('executing a command', () => {
  let server: TempStore;
  let store: EventStore;
  const counters = () => new DeciderStore(store, 'counter', counterDecider);
  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  it('appends what was decided and answers the state after it', async () => {
    const id = randomUUID();
    const opened = await counters().execute(id, { type: 'Open', by: 'me' }, contextOf({ requestHash: 'aa' }));
    expect(opened).toMatchObject({ state: { open: true, sum: 0 }, revision: 0 });
    const added = await counters().execute(id, ({ sum }) => ({ type: 'Add', n: sum + 5 }), contextOf());
    expect(added).toMatchObject({
      state: { sum: 5 },
      revision: 1,
      events: [{ type: 'counter.added', data: { n: 5 } }],
    });
    expect(added.position).toMatch(/^\d+-counter$/);
  });

  it('writes nothing when nothing has to happen, and still says where the stream stands', async () => {
    const id = randomUUID();
    const store = counters();
    const { position } = await store.execute(id, { type: 'Open', by: 'me' }, contextOf());
    const again = await store.execute(id, { type: 'Open', by: 'me' }, contextOf());
    expect(again).toMatchObject({ events: [], revision: 0, position });
    expect(again.replayed).toBeUndefined();
  });

  it('lets a refusal through', async () => {
    const add = counters().execute(randomUUID(), { type: 'Add', n: 1 }, contextOf());
    await expect(add).rejects.toMatchObject({ kind: 'not-found', code: 'counter.absent' });
    expect(await counters().load(randomUUID())).toMatchObject({
      revision: -1,
      state: { open: false },
      position: undefined,
    });
  });

  it('on a stream that was deleted for ever is refused as such, whether or not the stream was known', async () => {
    const id = randomUUID();
    const known = counters();
    await known.execute(id, { type: 'Open', by: 'me' }, contextOf());
    await store.client.tombstoneStream(`counter-${id}`);
    const gone = { kind: 'refused', code: 'eventstore.stream-deleted' };
    for (const each of [known, counters()]) {
      await expect(each.load(id)).rejects.toMatchObject(gone);
      await expect(each.execute(id, { type: 'Add', n: 1 }, contextOf())).rejects.toMatchObject(gone);
    }
    const asNew = contextOf();
    const assumeEmpty = counters().execute(id, { type: 'Open', by: 'me' }, { ...asNew, assumeEmpty: true });
    await expect(assumeEmpty).rejects.toMatchObject(gone);
  });

  it('sees what another process has appended', async () => {
    const id = randomUUID();
    const [here, there] = [counters(), counters()];
    await here.execute(id, { type: 'Open', by: 'me' }, contextOf());
    for (let n = 1; n <= 5; n += 1) {
      const by = n % 2 ? there : here;
      expect((await by.execute(id, { type: 'Add', n: 1 }, contextOf())).state.sum).toBe(n);
      expect((await here.load(id)).state.sum).toBe(n);
      expect((await there.load(id)).state.sum).toBe(n);
    }
  });

  it('queues the commands of one process', async () => {
    const id = randomUUID();
    const counter = counters();
    await counter.execute(id, { type: 'Open', by: 'me' }, contextOf());
    await Promise.all(Array.from({ length: 60 }, () => counter.execute(id, { type: 'Add', n: 1 }, contextOf())));
    expect((await counters().load(id)).state.sum).toBe(60);
  });

  it('decides again after a lost race with another process', async () => {
    const id = randomUUID();
    await counters().execute(id, { type: 'Open', by: 'me' }, contextOf());
    // Each can lose to the seven others at most, which is fewer races than a command may lose.
    await Promise.all(Array.from({ length: 8 }, () => counters().execute(id, { type: 'Add', n: 1 }, contextOf())));
    expect((await counters().load(id)).state.sum).toBe(8);
  });

  it('gives up with a conflict when it loses every race', async () => {
    const id = randomUUID();
    await counters().execute(id, { type: 'Open', by: 'me' }, contextOf());
    let races = 0;
    const rival = {
      read: (...args: Parameters<EventStore['read']>) => store.read(...args),
      append: async (...args: Parameters<EventStore['append']>) => {
        races += 1;
        const { revision } = await counters().load(id);
        await store.append('counter', id, revision, [{ type: 'counter.added', data: { n: 1 } }], contextOf());
        return store.append(...args);
      },
    };
    const beaten = new DeciderStore(
      Object.assign(Object.create(store), rival) as EventStore,
      'counter',
      counterDecider,
    );
    const add = beaten.execute(id, { type: 'Add', n: 1 }, contextOf());
    await expect(add).rejects.toMatchObject({ kind: 'conflict', code: 'eventstore.lost-race' });
    expect(races).toBe(8);
  });

  it('answers a repeated creation with the stream as it was made, wherever that has got to', async () => {
    const id = randomUUID();
    const context = { ...contextOf({ requestHash: 'aa' }), creates: true };
    const first = await counters().execute(id, { type: 'Open', by: 'me' }, context);
    expect(first.replayed).toBeUndefined();
    await counters().execute(id, { type: 'Add', n: 7 }, contextOf());
    const again = await counters().execute(id, { type: 'Open', by: 'me' }, context);
    expect(again).toEqual({ ...first, events: [], replayed: true });
    expect(await counters().repeatOf(id, context)).toEqual(again);
    expect(await counters().repeatOf(id, { ...contextOf(), creates: true })).toBeUndefined();
  });

  it('refuses the same key with another body, and takes the same command without a key for a repeat', async () => {
    const id = randomUUID();
    const context = { ...contextOf({ requestHash: 'aa' }), creates: true };
    await counters().execute(id, { type: 'Open', by: 'me' }, context);
    const other = counters().execute(id, { type: 'Open', by: 'you' }, { ...context, requestHash: 'bb' });
    await expect(other).rejects.toMatchObject({ kind: 'refused', code: 'idempotency.mismatch' });
    const bare = { ...contextOf(), creates: true };
    await counters().execute(randomUUID(), { type: 'Open', by: 'me' }, bare);
    const created = randomUUID();
    await counters().execute(created, { type: 'Open', by: 'me' }, bare);
    expect(await counters().execute(created, { type: 'Open', by: 'me' }, bare)).toMatchObject({ replayed: true });
  });

  it('makes one stream of many concurrent repeats', async () => {
    const id = randomUUID();
    const context = { ...contextOf({ requestHash: 'aa' }), creates: true };
    const runs = Array.from({ length: 20 }, () => counters().execute(id, { type: 'Open', by: 'me' }, context));
    const replies = await Promise.all(runs);
    expect(new Set(replies.map(({ position }) => position)).size).toBe(1);
    expect(await store.read('counter', id)).toHaveLength(1);
  });

  it('knows a keyed change again, however many changes came since', async () => {
    const id = randomUUID();
    await counters().execute(id, { type: 'Open', by: 'me' }, contextOf());
    const keyed = contextOf({ requestHash: 'aa' });
    const first = await counters().execute(id, { type: 'Add', n: 1 }, keyed);
    const busy = counters();
    for (let index = 0; index < 40; index += 1) await busy.execute(id, { type: 'Add', n: 1 }, contextOf());
    for (const one of [busy, counters()]) {
      const again = await one.execute(id, { type: 'Add', n: 1 }, keyed);
      expect(again).toEqual({ ...first, events: [], replayed: true });
      const changed = one.execute(id, { type: 'Add', n: 2 }, { ...keyed, requestHash: 'bb' });
      await expect(changed).rejects.toMatchObject({ code: 'idempotency.mismatch' });
    }
  });

  it('does not run a keyed change twice, even when the world has moved on', async () => {
    const id = randomUUID();
    const counter = counters();
    await counter.execute(id, { type: 'Open', by: 'me' }, contextOf());
    const keyed = contextOf({ requestHash: 'aa' });
    await counter.execute(id, { type: 'Add', n: 1 }, keyed);
    await counter.execute(id, { type: 'Add', n: 10 }, contextOf());
    expect(await counters().execute(id, { type: 'Add', n: 1 }, keyed)).toMatchObject({
      replayed: true,
      state: { sum: 1 },
    });
    const changed = counters().execute(id, { type: 'Add', n: 2 }, { ...keyed, requestHash: 'bb' });
    await expect(changed).rejects.toMatchObject({ code: 'idempotency.mismatch' });
  });

  it('never gives two events one id, also when a command without a key speaks twice', async () => {
    const id = randomUUID();
    const counter = counters();
    const context = contextOf();
    await counter.execute(id, { type: 'Open', by: 'me' }, context);
    await counter.execute(id, { type: 'Add', n: 1 }, context);
    await counters().execute(id, { type: 'Add', n: 2 }, context);
    const events = await store.read('counter', id);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(3);
  });
});
