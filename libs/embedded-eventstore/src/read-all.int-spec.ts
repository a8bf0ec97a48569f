import { BACKWARDS, END, FORWARDS, type Position, START, UnknownError } from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const stream = newStream();
const positions: Position[] = [];
beforeAll(async () => {
  for (const event of newEvents(5)) {
    const { position } = await store.client.appendToStream(stream, event);
    positions.push(position!);
  }
});

/** Revisions of our stream's events in a read of `$all`. */
async function ours(options: object): Promise<number[]> {
  const events = await collect(store.client.readAll(options));
  return events.flatMap(({ event }) => (event?.streamId === stream ? Number(event.revision) : []));
}

it('reads forwards from a position on, that one included', async () => {
  expect(await ours({ fromPosition: START })).toEqual([0, 1, 2, 3, 4]);
  expect(await ours({ fromPosition: positions[2] })).toEqual([2, 3, 4]);
  expect(await ours({ fromPosition: positions[2], maxCount: 1 })).toEqual([2]);
  expect(await ours({ fromPosition: { commit: positions[2]!.commit, prepare: 0n } })).toEqual([2, 3, 4]);
  expect(await ours({ fromPosition: END })).toEqual([]);
});

it('reads backwards strictly before a position', async () => {
  const backwards = { direction: BACKWARDS };
  expect(await ours({ ...backwards, fromPosition: END })).toEqual([4, 3, 2, 1, 0]);
  expect(await ours({ ...backwards, fromPosition: positions[2] })).toEqual([1, 0]);
  expect(await ours({ ...backwards, fromPosition: positions[2], maxCount: 1 })).toEqual([1]);
  expect(await ours({ ...backwards, fromPosition: START })).toEqual([]);
});

it('forwards and backwards from one position neither overlap nor leave a gap', async () => {
  const forwards = await ours({ direction: FORWARDS, fromPosition: positions[3] });
  const backwards = await ours({ direction: BACKWARDS, fromPosition: positions[3] });
  expect([...backwards.reverse(), ...forwards]).toEqual([0, 1, 2, 3, 4]);
});

it('refuses a count of 0 and a prepare beyond its commit', async () => {
  await expect(ours({ maxCount: 0 })).rejects.toBeInstanceOf(UnknownError);
  await expect(ours({ fromPosition: { commit: 1n, prepare: 2n } })).rejects.toBeInstanceOf(UnknownError);
});

it('begins with a visible system event, whose position is beyond nought', async () => {
  const [first] = await collect(store.client.readAll({ maxCount: 1 }));
  expect(first?.event?.streamId).toMatch(/^\$/);
  expect(first?.event?.position?.commit).toBeGreaterThan(0n);
});

it('shows positions that grow strictly', async () => {
  const commits = (await collect(store.client.readAll())).map(({ event }) => event?.position?.commit ?? 0n);
  commits.forEach((commit, n) => expect(commit > (commits[n - 1] ?? -1n)).toBe(true));
});

it('shows events of streams that are truncated, deleted and tombstoned', async () => {
  const [truncated, deleted, tombstoned] = [newStream(), newStream(), newStream()];
  for (const name of [truncated, deleted, tombstoned]) await store.client.appendToStream(name, newEvents(2));
  await store.client.setStreamMetadata(truncated, { truncateBefore: 2 });
  await store.client.deleteStream(deleted);
  await store.client.tombstoneStream(tombstoned);
  const events = (await collect(store.client.readAll({ fromPosition: positions[4] }))).map(({ event }) => event!);
  const of = (name: string) =>
    events.filter(({ streamId }) => streamId === name).map(({ type, revision }) => [type, revision]);
  const both = [
    ['counted', 0n],
    ['counted', 1n],
  ];
  expect(of(truncated)).toEqual(both);
  expect(of(deleted)).toEqual(both);
  expect(of(`$$${deleted}`)).toEqual([['$metadata', 0n]]);
  expect(of(tombstoned)).toEqual([...both, ['$streamDeleted', 9_223_372_036_854_775_807n]]);
  const grave = events.find(({ type }) => type === '$streamDeleted');
  expect(grave).toMatchObject({ isJson: false });
  expect(grave?.data).toHaveLength(0);
});

it('spares readers the streams of groups on $all, which can still be read by name', async () => {
  const hidden = ['$persistentsubscription-$all::g1-checkpoint', '$persistentsubscription-$all::g1-parked'];
  const shown = ['$persistentsubscription-s::g1-parked', '$persistentsubscription-$all::g1-other'];
  for (const name of [...hidden, ...shown]) await store.client.appendToStream(name, newEvents(1));
  const events = await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END }));
  const names = new Set(events.map(({ event }) => event?.streamId));
  expect(hidden.map((name) => names.has(name))).toEqual([false, false]);
  expect(shown.map((name) => names.has(name))).toEqual([true, true]);
  for (const name of hidden) expect((await collect(store.client.readStream(name))).length).toBeGreaterThan(0);
});
