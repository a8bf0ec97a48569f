import { randomUUID } from 'node:crypto';
import { TempStore, tempStore } from '@hark/testing';
import { contextOf } from './counting.fixture';
import { EventSchema } from './event-schemas';
import { EventStore } from './event-store';
import { stallingProxy } from './stalling-proxy.fixture';

const added = (n: number) => ({ type: 'counter.added', data: { n } });

describe('the event log', () => {
  let server: TempStore;
  let store: EventStore;
  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  it('gives back what was appended, in order, with who wanted it and why', async () => {
    const id = randomUUID();
    const context = contextOf({ causationId: randomUUID(), requestHash: 'ab', traceparent: '00-1-2-03' });
    const { revision, position } = await store.append('counter', id, 'no-stream', [added(1), added(2)], context);
    const events = await store.read('counter', id);
    expect(events.map(({ event }) => event)).toEqual([added(1), added(2)]);
    expect(revision).toBe(1);
    expect(events[1]).toMatchObject({ category: 'counter', id, streamId: `counter-${id}`, revision: 1, position });
    expect(events[0]!.position).toBeLessThan(position);
    expect(events[0]!.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(events[0]!.metadata).toEqual({
      $correlationId: context.correlationId,
      $causationId: context.causationId,
      actor: 'service:test',
      requestId: context.requestId,
      commandId: context.commandId,
      requestHash: 'ab',
      traceparent: '00-1-2-03',
      schema: 1,
    });
  });

  it('answers a stream that does not exist with no events', async () => {
    expect(await store.read('counter', randomUUID())).toEqual([]);
    expect(await store.read('counter', randomUUID(), 5)).toEqual([]);
  });

  it('reads on from a revision, also past the end', async () => {
    const id = randomUUID();
    await store.append('counter', id, 'no-stream', [added(1), added(2), added(3)], contextOf());
    expect((await store.read('counter', id, 2)).map(({ revision }) => revision)).toEqual([2]);
    expect(await store.read('counter', id, 3)).toEqual([]);
  });

  it('reads a stream longer than a page whole', async () => {
    const id = randomUUID();
    const many = Array.from({ length: 1_000 }, (_, n) => added(n));
    await store.append('counter', id, 'no-stream', many, contextOf());
    await store.append('counter', id, 999, [added(1_000)], contextOf());
    const events = await store.read('counter', id);
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 1_001 }, (_, n) => n));
  });

  it('writes a repeated append once and answers it alike', async () => {
    const id = randomUUID();
    const context = contextOf();
    const first = await store.append('counter', id, 'no-stream', [added(1), added(2)], context);
    expect(await store.append('counter', id, 'no-stream', [added(1), added(2)], context)).toEqual(first);
    await store.append('counter', id, 1, [added(3)], contextOf());
    expect(await store.append('counter', id, 'no-stream', [added(1), added(2)], context)).toEqual(first);
    expect(await store.read('counter', id)).toHaveLength(3);
  });

  it('says who lost a race', async () => {
    const id = randomUUID();
    await store.append('counter', id, 'no-stream', [added(1)], contextOf());
    const late = store.append('counter', id, 'no-stream', [added(9)], contextOf());
    await expect(late).rejects.toMatchObject({ kind: 'conflict', code: 'eventstore.lost-race' });
    const early = store.append('counter', id, 5, [added(9)], contextOf());
    await expect(early).rejects.toMatchObject({ kind: 'conflict', code: 'eventstore.lost-race' });
  });

  it('refuses an event that does not fit its schema, naming the place and not the value', async () => {
    const fits: EventSchema = {
      safeParse: (data) =>
        typeof (data as { n?: unknown }).n === 'number'
          ? { success: true }
          : { success: false, error: { issues: [{ path: ['n'] }] } },
    };
    const strict = EventStore.connect(server.url, { schemas: { 'counter.added': fits } });
    const wrong = { type: 'counter.added', data: { n: 'secret' } };
    const append = strict.append('counter', randomUUID(), 'no-stream', [added(1), wrong], contextOf());
    await expect(append).rejects.toMatchObject({
      code: 'event.invalid',
      message: expect.not.stringContaining('secret'),
    });
    const unknown = strict.append('counter', randomUUID(), 'no-stream', [{ type: 'toString', data: {} }], contextOf());
    await expect(unknown).rejects.toMatchObject({ code: 'event.invalid' });
    await strict.close();
  });

  it('lets nothing but a uuid into a stream name', async () => {
    await expect(store.read('counter', '1-$all')).rejects.toThrow(TypeError);
  });
});

describe('the event log when the server goes away', () => {
  let server: TempStore;
  beforeEach(async () => {
    server = await tempStore();
  });
  afterEach(() => server.close());

  it('is unavailable while the server is away and works at once when it is back', async () => {
    const store = EventStore.connect(server.url, { deadlineMs: 10_000 });
    const id = randomUUID();
    const context = contextOf();
    await store.append('counter', id, 'no-stream', [added(1)], contextOf());
    await server.stop();
    for (let tries = 0; tries < 20; tries += 1) {
      const append = store.append('counter', id, 0, [added(2)], context);
      await expect(append).rejects.toMatchObject({ kind: 'unavailable', code: expect.stringMatching(/^eventstore\./) });
      await expect(store.read('counter', id)).rejects.toMatchObject({ kind: 'unavailable' });
    }
    await server.restart();
    // A back-off that had grown meanwhile would take longer than an append waits.
    await store.append('counter', id, 0, [added(2)], context);
    expect(await store.read('counter', id)).toHaveLength(2);
    await store.close();
  });

  it('is unavailable when nobody has ever listened', async () => {
    await server.stop();
    const store = EventStore.connect(server.url);
    await expect(store.ping()).rejects.toMatchObject({ kind: 'unavailable', code: 'eventstore.unavailable' });
    await expect(store.append('counter', randomUUID(), 'no-stream', [added(1)], contextOf())).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'eventstore.unavailable',
    });
    await store.close();
  });

  it('leaves a connection that has fallen silent', async () => {
    const proxy = await stallingProxy(server.url);
    const store = EventStore.connect(proxy.url, { deadlineMs: 4_000 });
    try {
      const id = randomUUID();
      const context = contextOf();
      await store.append('counter', id, 'no-stream', [added(1)], contextOf());
      const { over } = store.session;
      proxy.stall();
      const silent = store.append('counter', id, 0, [added(2)], context);
      await expect(silent).rejects.toMatchObject({ kind: 'unavailable', code: 'eventstore.timeout' });
      expect(over.aborted).toBe(true);
      await store.append('counter', id, 0, [added(2)], context);
      expect(await store.read('counter', id)).toHaveLength(2);
    } finally {
      await store.close();
      await proxy.close();
    }
  });

  it('never takes a read that such a leave cuts short for the end of a stream, of the log, or for none', async () => {
    const proxy = await stallingProxy(server.url);
    // They share a client, which the impatient one has replaced.
    const patient = EventStore.connect(proxy.url, { deadlineMs: 25_000, share: true });
    const impatient = EventStore.connect(proxy.url, { deadlineMs: 500, share: true });
    try {
      const id = randomUUID();
      const { position } = await patient.append('counter', id, 'no-stream', [added(1)], contextOf());
      proxy.stall();
      const [stream, head] = [patient.read('counter', id), patient.head()];
      await expect(impatient.read('counter', id)).rejects.toMatchObject({ code: 'eventstore.timeout' });
      expect((await stream).map(({ event }) => event)).toEqual([added(1)]);
      expect(await head).toBeGreaterThanOrEqual(position);
    } finally {
      await impatient.close();
      await patient.close();
      await proxy.close();
    }
  });
});
