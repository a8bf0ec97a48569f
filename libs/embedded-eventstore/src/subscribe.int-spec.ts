import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
  StreamDeletedError,
  streamNameFilter,
  type StreamSubscription,
  UnknownError,
} from '@eventstore/db-client';
import { collect, eventually, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const open: (StreamSubscription | AllStreamSubscription)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.unsubscribe()));
});

/** What a subscription says, in order: revisions as numbers, everything else by name. */
function listen(subscription: StreamSubscription | AllStreamSubscription) {
  open.push(subscription);
  const heard: (number | string)[] = [];
  const errors: Error[] = [];
  (subscription as StreamSubscription)
    .on('confirmation', () => heard.push('confirmation'))
    .on('caughtUp', () => heard.push('caughtUp'))
    .on('error', (error: Error) => errors.push(error))
    .on('data', ({ event }) => heard.push(event?.type === 'counted' ? Number(event.revision) : (event?.type ?? '-')));
  return { heard, errors, hears: (count: number) => eventually(() => heard.length >= count) };
}

const streamOf = async (count: number): Promise<string> => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(count));
  return stream;
};

describe('to a stream', () => {
  it.each([
    [START, ['confirmation', 0, 1, 2, 3, 4, 'caughtUp', 5]],
    [1n, ['confirmation', 2, 3, 4, 'caughtUp', 5]],
    [4n, ['confirmation', 'caughtUp', 5]],
    [END, ['confirmation', 'caughtUp', 5]],
  ] as const)('from %s: history, caught up, present', async (fromRevision, expected) => {
    const stream = await streamOf(5);
    const { heard, hears } = listen(store.client.subscribeToStream(stream, { fromRevision }));
    await eventually(() => heard.includes('caughtUp'));
    await store.client.appendToStream(stream, newEvents(1));
    await hears(expected.length);
    expect(heard).toEqual(expected);
  });

  it('from beyond its end skips what lies before', async () => {
    const stream = await streamOf(2);
    const { heard, hears } = listen(store.client.subscribeToStream(stream, { fromRevision: 3n }));
    await hears(2);
    await store.client.appendToStream(stream, newEvents(3));
    await hears(3);
    expect(heard).toEqual(['confirmation', 'caughtUp', 4]);
  });

  it('that does not exist yet, or no longer', async () => {
    const [later, deleted] = [newStream(), await streamOf(3)];
    await store.client.deleteStream(deleted);
    for (const stream of [later, deleted]) {
      const { heard, hears } = listen(store.client.subscribeToStream(stream));
      await hears(2);
      await store.client.appendToStream(stream, newEvents(1));
      await hears(3);
      expect(heard).toEqual(['confirmation', 'caughtUp', stream === later ? 0 : 3]);
    }
  });

  it('that is tombstoned fails without confirmation', async () => {
    const stream = newStream();
    await store.client.tombstoneStream(stream);
    const { heard, errors } = listen(store.client.subscribeToStream(stream));
    await eventually(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(StreamDeletedError);
    expect(heard).toEqual([]);
  });

  it('delivers a tombstone and then fails', async () => {
    const stream = await streamOf(1);
    const { heard, errors, hears } = listen(store.client.subscribeToStream(stream));
    await hears(3);
    await store.client.tombstoneStream(stream);
    await eventually(() => errors.length > 0);
    expect(heard).toEqual(['confirmation', 0, 'caughtUp', '$streamDeleted']);
    expect(errors[0]).toBeInstanceOf(StreamDeletedError);
  });

  it('hears nothing of a soft delete and goes on counting', async () => {
    const stream = await streamOf(2);
    const { heard, hears } = listen(store.client.subscribeToStream(stream));
    await hears(4);
    await store.client.deleteStream(stream);
    await store.client.appendToStream(stream, newEvents(1));
    await hears(5);
    expect(heard).toEqual(['confirmation', 0, 1, 'caughtUp', 2]);
  });

  it('applies metadata to history, not to what comes after', async () => {
    const stream = await streamOf(5);
    await store.client.setStreamMetadata(stream, { truncateBefore: 3 });
    const { heard, hears } = listen(store.client.subscribeToStream(stream));
    await hears(4);
    await store.client.setStreamMetadata(stream, { truncateBefore: 100 });
    await store.client.appendToStream(stream, newEvents(1));
    await hears(5);
    expect(heard).toEqual(['confirmation', 3, 4, 'caughtUp', 5]);
  });

  it('misses and repeats nothing while others write', async () => {
    const stream = newStream();
    const total = 400;
    const writing = (async () => {
      for (let n = 0; n < total; n += 4) await store.client.appendToStream(stream, newEvents(4));
    })();
    const subscriptions = Array.from({ length: 5 }, () => listen(store.client.subscribeToStream(stream)));
    await writing;
    await Promise.all(subscriptions.map(({ hears }) => hears(total + 2)));
    for (const { heard } of subscriptions) {
      expect(heard.filter((item) => typeof item === 'number')).toEqual(Array.from({ length: total }, (_, n) => n));
      expect(heard.filter((item) => item === 'caughtUp')).toHaveLength(1);
    }
  });

  it('ends quietly when the reader leaves', async () => {
    const stream = await streamOf(1);
    const { errors, hears } = listen(store.client.subscribeToStream(stream));
    await hears(3);
    await Promise.all(open.splice(0).map((subscription) => subscription.unsubscribe()));
    await store.client.appendToStream(stream, newEvents(1));
    expect(errors).toEqual([]);
  });
});

describe('to $all', () => {
  it.each([
    ['the start', () => START, [0, 1, 2, 'caughtUp', 3]],
    ['a position, that one left out', (first: Position) => first, [1, 2, 'caughtUp', 3]],
    [
      'a commit with prepare 0, that one included',
      ({ commit }: Position) => ({ commit, prepare: 0n }),
      [0, 1, 2, 'caughtUp', 3],
    ],
    ['the end', () => END, ['caughtUp', 3]],
  ])('from %s', async (_name, from, expected) => {
    const stream = newStream();
    const [first] = newEvents(1);
    const { position } = await store.client.appendToStream(stream, first!);
    await store.client.appendToStream(stream, newEvents(2));
    const heard: (number | string)[] = [];
    const subscription = store.client.subscribeToAll({ fromPosition: from(position!) as Position });
    open.push(subscription);
    subscription
      .on('caughtUp', () => heard.push('caughtUp'))
      .on('data', ({ event }) => event?.streamId === stream && heard.push(Number(event.revision)));
    await eventually(() => heard.includes('caughtUp'));
    await store.client.appendToStream(stream, newEvents(1));
    await eventually(() => heard.length >= expected.length);
    expect(heard).toEqual(expected);
  });

  it('from beyond the end skips what lies before', async () => {
    const stream = newStream();
    const { position } = await store.client.appendToStream(stream, newEvents(1));
    const beyond = { commit: position!.commit + 1_000_000n, prepare: position!.commit + 1_000_000n };
    const { heard, hears } = listen(store.client.subscribeToAll({ fromPosition: beyond }));
    await hears(2);
    await store.client.appendToStream(stream, newEvents(3));
    expect(heard).toEqual(['confirmation', 'caughtUp']);
  });
});

describe('to $all with a filter', () => {
  const prefix = `filtered${Date.now()}`;
  const names = [`${prefix}-a`, `${prefix}-b`, `other-${prefix}`].map((category) => newStream(category));
  beforeAll(async () => {
    for (const name of names) {
      await store.client.appendToStream(name, newEvents(2, `${prefix}Type`));
      await store.client.appendToStream(name, newEvents(2, `${prefix}TypeToo`));
    }
  });
  const a = `${prefix}-a`;

  it.each([
    ['stream prefixes', streamNameFilter({ prefixes: [`${prefix}-a`, `${prefix}-b`] }), 8],
    ['a stream pattern', streamNameFilter({ regex: `^${a}` }), 4],
    ['a stream pattern that is not anchored', streamNameFilter({ regex: `${prefix}` }), 12],
    ['type prefixes', eventTypeFilter({ prefixes: [`${prefix}TypeT`] }), 6],
    ['a type pattern', eventTypeFilter({ regex: `^${prefix}Type$` }), 6],
    ['a pattern with .NET spelling', eventTypeFilter({ regex: `(?i)\\A${prefix.toUpperCase()}TYPE\\z` }), 6],
  ])('of %s', async (_name, filter, count) => {
    const { heard, hears } = listen(store.client.subscribeToAll({ filter }));
    await hears(count + 2);
    await eventually(() => heard.includes('caughtUp'));
    expect(heard.filter((item) => String(item).startsWith(prefix))).toHaveLength(count);
    expect(heard).toHaveLength(count + 2);
  });

  it('of excludeSystemEvents sees no system events', async () => {
    const { heard } = listen(store.client.subscribeToAll({ filter: excludeSystemEvents() }));
    await eventually(() => heard.includes('caughtUp'));
    expect(heard.filter((item) => String(item).startsWith('$'))).toEqual([]);
  });

  it.each([['a pattern that is none', streamNameFilter({ regex: '(' })]])('refuses %s', async (_name, filter) => {
    const { errors } = listen(store.client.subscribeToAll({ filter }));
    await eventually(() => errors.length > 0);
    expect(errors[0]).toBeInstanceOf(UnknownError);
  });
});

describe('checkpoints', () => {
  const at: Position[] = [];
  const stream = newStream('checkpointed');
  beforeAll(async () => {
    for (let n = 0; n < 4; n += 1) {
      const { position } = await store.client.appendToStream(stream, newEvents(96));
      at.push(position!);
    }
  });

  it('come at the interval, name only events that were sent, and grow', async () => {
    const heard: ['event' | 'checkpoint', bigint][] = [];
    let caughtUp = false;
    const filter = streamNameFilter({
      prefixes: [stream],
      checkpointInterval: 2,
      checkpointReached: (_subscription, { commit, prepare }) => {
        expect(prepare).toBe(commit);
        heard.push(['checkpoint', commit]);
      },
    });
    const subscription = store.client.subscribeToAll({ filter });
    open.push(subscription);
    subscription
      .on('caughtUp', () => (caughtUp = true))
      .on('data', ({ event }) => heard.push(['event', event!.position.commit]));
    await eventually(() => caughtUp);
    const checkpoints = heard.filter(([what]) => what === 'checkpoint').map(([, commit]) => commit);
    expect(checkpoints.length).toBeGreaterThanOrEqual(6);
    expect([...new Set(checkpoints)].sort((x, y) => (x < y ? -1 : 1))).toEqual(checkpoints);
    heard.forEach(([what, commit], n) => {
      const later = heard.slice(n + 1).filter(([kind]) => kind === 'event');
      if (what === 'checkpoint') expect(later.every(([, position]) => position > commit)).toBe(true);
    });
  });

  it('let a reader go on where it was: nothing lost, nothing twice', async () => {
    const all = (await collect(store.client.readStream(stream))).map(({ event }) => event!.position!.commit);
    const checkpoints: Position[] = [];
    const filter = streamNameFilter({
      prefixes: [stream],
      checkpointReached: (_subscription, position) => void checkpoints.push(position),
    });
    let caughtUp = false;
    const first = store.client.subscribeToAll({ filter });
    open.push(first);
    first.on('data', () => undefined).on('caughtUp', () => (caughtUp = true));
    await eventually(() => caughtUp && checkpoints.length > 3);
    for (const fromPosition of [checkpoints[1]!, checkpoints[3]!]) {
      const seen: bigint[] = [];
      const rest = all.filter((commit) => commit > fromPosition.commit);
      const second = store.client.subscribeToAll({ fromPosition, filter: streamNameFilter({ prefixes: [stream] }) });
      open.push(second);
      second.on('data', ({ event }) => seen.push(event!.position.commit));
      await eventually(() => seen.length >= rest.length);
      expect(seen).toEqual(rest);
    }
  });

  it('come for events that do not match as well, once per interval when live', async () => {
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: ['nothing-at-all'],
      maxSearchWindow: 10,
      checkpointReached: (_subscription, { commit }) => void checkpoints.push(commit),
    });
    const subscription = store.client.subscribeToAll({ filter, fromPosition: END });
    open.push(subscription);
    await new Promise<void>((resolve) => subscription.on('data', () => undefined).on('caughtUp', () => resolve()));
    const { position } = await store.client.appendToStream(newStream(), newEvents(35));
    await eventually(() => checkpoints.length === 3);
    expect(checkpoints.map((commit) => position!.commit - commit)).toEqual([25n, 15n, 5n]);
  });

  it('wait for the reader: the next event comes after its callback has ended', async () => {
    const order: string[] = [];
    const filter = streamNameFilter({
      prefixes: [stream],
      checkpointReached: async () => {
        order.push('begin');
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('end');
      },
    });
    const subscription = store.client.subscribeToAll({ filter, fromPosition: at[1]! });
    open.push(subscription);
    subscription.on('data', () => order.push('event'));
    await eventually(() => order.filter((item) => item === 'end').length >= 3);
    order.forEach((item, n) => item === 'begin' && expect(order[n + 1] ?? 'end').toBe('end'));
  });
});
