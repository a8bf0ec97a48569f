import { setTimeout } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  binaryEvent,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { collect, eventually, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const open: AllStreamSubscription[] = [];
afterEach(() => Promise.all(open.splice(0).map((subscription) => subscription.unsubscribe())));
const keep = (subscription: AllStreamSubscription): AllStreamSubscription => {
  open.push(subscription);
  return subscription;
};

const positionNow = async (): Promise<Position> =>
  (await store.client.appendToStream(newStream('mark'), newEvents(1))).position!;

it('tells a checkpoint for each interval of events that were looked at, and waits for each to be dealt with', async () => {
  const fromPosition = await positionNow();
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(8));
  const checkpoints: Position[] = [];
  let dealing = false;
  let seen = 0;
  const filter = excludeSystemEvents({
    checkpointInterval: 2,
    checkpointReached: async (_subscription, position) => {
      checkpoints.push(position);
      dealing = true;
      await setTimeout(30);
      dealing = false;
    },
  });
  const overtaken: bigint[] = [];
  keep(store.client.subscribeToAll({ fromPosition, filter })).on('data', ({ event }) => {
    if (dealing) overtaken.push(event!.position.commit);
    seen += 1;
  });
  for (let n = 0; n < 18; n += 1) await store.client.appendToStream(stream, newEvents(20));
  await store.client.appendToStream(stream, newEvents(16));
  await eventually(() => seen === 384);
  expect(overtaken).toEqual([]);
  // Six intervals of 64 events, and one more where history ended in the middle of one.
  expect([6, 7]).toContain(checkpoints.length);
});

it('is caught up, with no event, where a filter lets none pass', async () => {
  await positionNow();
  let caughtUp = 0;
  const events: unknown[] = [];
  keep(
    store.client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: ['nothing-like-it'] }) }),
  )
    .on('caughtUp', () => (caughtUp += 1))
    .on('data', (event) => events.push(event));
  await eventually(() => caughtUp === 1);
  expect(events).toEqual([]);
});

it('delivers what was truncated, where a subscription to the stream does not', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(25));
  await store.client.setStreamMetadata(stream, { truncateBefore: 20 });
  const heard: Record<string, bigint[]> = { all: [], stream: [] };
  let caughtUp = 0;
  const filter = streamNameFilter({ prefixes: [stream] });
  keep(store.client.subscribeToAll({ filter }))
    .on('caughtUp', () => (caughtUp += 1))
    .on('data', ({ event }) => heard['all']?.push(event!.revision));
  const subscription = store.client.subscribeToStream(stream);
  subscription.on('caughtUp', () => (caughtUp += 1)).on('data', ({ event }) => heard['stream']?.push(event!.revision));
  await eventually(() => caughtUp === 2);
  await subscription.unsubscribe();
  expect(heard['all']).toHaveLength(25);
  expect(heard['stream']).toEqual([20n, 21n, 22n, 23n, 24n]);
});

it('begins with the first event of all from the position nought', async () => {
  const [first] = await collect(store.client.readAll({ maxCount: 1 }));
  const heard: string[] = [];
  keep(store.client.subscribeToAll({ fromPosition: { commit: 0n, prepare: 0n } })).on('data', ({ event }) =>
    heard.push(event!.id),
  );
  await eventually(() => heard.length > 0);
  expect(heard[0]).toBe(first?.event?.id);
});

it('follows links of history and present, while its filter looks at the link', async () => {
  const fromPosition = await positionNow();
  const [target, links] = [newStream('target'), newStream('links')];
  const link = (revision: number) => binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${target}`) });
  await store.client.appendToStream(target, newEvents(2));
  await store.client.appendToStream(links, link(0));
  const heard: unknown[] = [];
  let caughtUp = false;
  keep(
    store.client.subscribeToAll({ fromPosition, resolveLinkTos: true, filter: eventTypeFilter({ regex: '^\\$>$' }) }),
  )
    .on('caughtUp', () => (caughtUp = true))
    .on('data', ({ event, link: from }) => heard.push([event?.streamId, event?.revision, from?.streamId]));
  await eventually(() => caughtUp);
  await store.client.appendToStream(links, [link(1), link(2)]);
  await eventually(() => heard.length === 3);
  expect(heard).toEqual([
    [target, 0n, links],
    [target, 1n, links],
    [undefined, undefined, links],
  ]);
});

it('gives a slow reader every event once, however much is written meanwhile', async () => {
  const fromPosition = await positionNow();
  const category = newStream('slow');
  const filter = streamNameFilter({ prefixes: [category] });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { event } of keep(store.client.subscribeToAll({ fromPosition, filter }))) {
      seen.push((event?.data as { n: number }).n);
      if (seen.length % 50 === 0) await setTimeout(2);
      if (seen.length === 1_500) break;
    }
  })();
  for (let n = 0; n < 1_500; n += 25) {
    const events = Array.from({ length: 25 }, (_, k) => jsonEvent({ type: 'numbered', data: { n: n + k } }));
    await store.client.appendToStream(`${category}-${n}`, events);
  }
  await reading;
  expect(seen).toEqual(Array.from({ length: 1_500 }, (_, n) => n));
});

it('hears listeners that come and go', async () => {
  const stream = newStream();
  const fromPosition = await positionNow();
  const [every, once, never]: [string[], string[], string[]] = [[], [], []];
  const neverHeard = ({ event }: { event?: { id: string } }) => never.push(event?.id ?? '');
  keep(store.client.subscribeToAll({ fromPosition, filter: streamNameFilter({ prefixes: [stream] }) }))
    .on('data', neverHeard)
    .on('data', ({ event }) => every.push(event!.id))
    .once('data', ({ event }) => once.push(event!.id))
    .off('data', neverHeard);
  const events = newEvents(6);
  await store.client.appendToStream(stream, events);
  await eventually(() => every.length === 6);
  expect(every).toEqual(events.map(({ id }) => id));
  expect([once, never]).toEqual([[events[0]?.id], []]);
});

it('can be left before it has begun', async () => {
  const errors: unknown[] = [];
  for (let n = 0; n < 20; n += 1) {
    const subscription = store.client.subscribeToAll({ fromPosition: END });
    subscription.on('error', (error) => errors.push(error)).on('data', () => undefined);
    await subscription.unsubscribe();
  }
  expect(await store.client.appendToStream(newStream(), newEvents(1))).toMatchObject({ success: true });
  expect(errors).toEqual([]);
});
