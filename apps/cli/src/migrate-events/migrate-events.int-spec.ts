import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANY, jsonEvent } from '@eventstore/db-client';
import { migrate, type Migrated } from './migrate';
import { type ComparableEvent, type StoreUnderTest, useStores } from './two-stores.fixture';

const { newStore, newDir } = useStores();

const quiet = (): void => undefined;
const move = (
  from: StoreUnderTest,
  to: StoreUnderTest,
  more: { verifyOnly?: boolean; stateFile?: string } = {},
): Promise<Migrated> => migrate({ from: from.url, to: to.url, report: quiet, ...more });

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** One of everything that a log can hold. */
async function fillWithAllKinds(store: StoreUnderTest): Promise<void> {
  await store.append('odd-1', { data: '{ "a":1,\n\t"b" : 1.50e1 }', metadata: '{"$correlationId" :"x"}' });
  await store.append('bytes-1', {
    contentType: 'application/octet-stream',
    data: Buffer.from([0, 255, 10, 13, 0]),
    metadata: Buffer.from([1, 0]),
  });
  await store.append('empty-1', { data: '' }, { data: '', contentType: 'application/octet-stream' });
  await store.append('推送-é-1', { type: '已送达', data: '{"到":"你好"}' });
  await store.append('notjson-1', { data: 'no JSON at all' });
  await store.append(
    'big-1',
    ...Array.from({ length: 6 }, (_, n) => ({ data: JSON.stringify({ n, filler: 'x'.repeat(150_000) }) })),
  );
  const id = randomUUID();
  await store.append('twice-1', { id });
  await store.append('twice-2', { id });
  await store.append('odd-1', { type: 'later' });
  await store.client.setStreamMetadata('odd-1', { colour: 'blue' });
  await store.append('short-1', ...Array.from({ length: 5 }, (_, n) => ({ data: JSON.stringify({ n }) })));
  await store.client.setStreamMetadata('short-1', { maxCount: 2 });
  await store.append('$$before-1', { type: '$metadata', data: '{ "$tb" : 1 }' });
  await store.append('links-1', { type: '$>', contentType: 'application/octet-stream', data: '1@odd-1' });
}

async function fillWithDeletions(store: StoreUnderTest): Promise<void> {
  await store.append('gone-1', {}, {});
  await store.client.deleteStream('gone-1');
  await store.append('back-1', {}, {});
  await store.client.setStreamMetadata('back-1', { maxCount: 10 });
  await store.client.deleteStream('back-1');
  await store.append('between-1', {});
  await store.append('back-1', { data: '{"again":true}' }, {});
  await store.append('twice-gone-1', {});
  await store.client.deleteStream('twice-gone-1');
  await store.client.deleteStream('twice-gone-1');
  await store.append('$$revived-1', { type: '$metadata', data: '{}' });
  await store.append('revived-1', {});
  await store.client.deleteStream('revived-1');
  await store.append('between-2', {});
  await store.client.setStreamMetadata('revived-1', { maxCount: 3 });
  await store.append('dead-1', {}, {});
  await store.client.tombstoneStream('dead-1');
  await store.append('dead-2', {});
  await store.client.deleteStream('dead-2');
  await store.append('between-3', {});
  await store.client.tombstoneStream('dead-2', { expectedRevision: ANY });
  await store.client.tombstoneStream('never-1', { expectedRevision: ANY });
  await store.append('between-4', {});
}

describe('migrate-events', () => {
  it('copies content of every kind, byte for byte and in order', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await fillWithAllKinds(from);
    const before = await from.events();
    await expect(move(from, to)).resolves.toEqual({ events: before.length, streams: 13, groups: 0 });
    expect(await to.events()).toEqual(before);
    expect(await collect(to.client.readStream('short-1'))).toHaveLength(2);
    const [link] = await collect(to.client.readStream('links-1', { resolveLinkTos: true }));
    expect(link?.event).toMatchObject({ streamId: 'odd-1', type: 'later' });
  });

  it('copies deletions, what was written again after one, and tombstones', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await fillWithDeletions(from);
    await move(from, to);
    const byStream = (events: readonly ComparableEvent[]) =>
      events.toSorted((a, b) => (a.streamId === b.streamId ? 0 : a.streamId < b.streamId ? -1 : 1));
    const [original, copy] = [await from.events(), await to.events()];
    expect(byStream(copy)).toEqual(byStream(original));
    const ordinary = (events: readonly ComparableEvent[]) => events.filter(({ streamId }) => !streamId.startsWith('$'));
    expect(ordinary(copy)).toEqual(ordinary(original));
    await expect(collect(to.client.readStream('gone-1'))).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(collect(to.client.readStream('twice-gone-1'))).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(collect(to.client.readStream('dead-1'))).rejects.toMatchObject({ type: 'stream-deleted' });
    await expect(collect(to.client.readStream('never-1'))).rejects.toMatchObject({ type: 'stream-deleted' });
    const back = await collect(to.client.readStream('back-1'));
    expect(back.map(({ event }) => event?.revision)).toEqual([2n, 3n]);
    await to.client.appendToStream('gone-1', jsonEvent({ type: 'back', data: {} }), { expectedRevision: 1n });
  });

  it('changes nothing when it is run again, and copies what the source got meanwhile', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await fillWithAllKinds(from);
    await fillWithDeletions(from);
    await move(from, to);
    const once = await to.events();
    await move(from, to);
    expect(await to.events()).toEqual(once);
    await from.append('odd-1', { type: 'much later' });
    await from.append('new-1', {}, {});
    await move(from, to, { stateFile: `${newDir()}/state` });
    expect((await to.events()).slice(once.length)).toEqual((await from.events()).slice(once.length));
  });

  it('goes on where the state file says, unless that is a place in another store', async () => {
    const [from, to, other] = [await newStore(), await newStore(), await newStore()];
    const stateFile = join(newDir(), 'state.json');
    const moveSaying = async (target: StoreUnderTest): Promise<string[]> => {
      const lines: string[] = [];
      await migrate({ from: from.url, to: target.url, stateFile, report: (line) => lines.push(line) });
      return lines.filter((line) => line.startsWith('going on'));
    };
    await fillWithDeletions(from);
    expect(await moveSaying(to)).toEqual([]);
    await from.append('later-1', {}, {});
    expect(await moveSaying(to)).toEqual([
      expect.stringMatching(/^going on after position \d+, as the state file says$/),
    ]);
    expect(await moveSaying(other)).toEqual([]);
    expect(await other.events()).toHaveLength((await from.events()).length);
    writeFileSync(stateFile, 'something else');
    await expect(move(from, to, { stateFile })).rejects.toMatchObject({ kind: 'invalid', code: 'migrate.state' });
  });

  it('says clearly that a stream was deleted when copied and written again since', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.append('back-1', {});
    await from.client.deleteStream('back-1');
    await move(from, to);
    await from.append('back-1', {});
    const before = await to.events();
    await expect(move(from, to)).rejects.toMatchObject({ kind: 'refused', code: 'migrate.target-has-other-events' });
    expect(await to.events()).toEqual(before);
  });

  it('refuses a target with events of its own, and writes nothing to it', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.append('a-1', {}, {});
    await to.append('other-1', {});
    await expect(move(from, to)).rejects.toMatchObject({ kind: 'refused', code: 'migrate.target-has-other-events' });
    expect(await to.events()).toHaveLength(1);
  });

  it('refuses a target that was written to after the copy', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.append('a-1', {}, {});
    await move(from, to);
    await to.append('a-1', {});
    await expect(move(from, to)).rejects.toMatchObject({ code: 'migrate.target-has-other-events' });
    await expect(move(from, to, { verifyOnly: true })).rejects.toMatchObject({ code: 'migrate.different' });
  });

  it.each([
    ['data', { data: '{"n":2}' }],
    ['metadata', { metadata: '{"m":2}' }],
    ['type', { type: 'noteD' }],
    ['content type', { contentType: 'application/octet-stream' }],
    ['id', { id: '00000000-0000-4000-8000-000000000002' }],
  ])('finds one difference in %s', async (_what, change) => {
    const [from, to] = [await newStore(), await newStore()];
    const event = { id: '00000000-0000-4000-8000-000000000001', data: '{"n":1}', metadata: '{"m":1}' };
    for (const [store, middle] of [
      [from, event],
      [to, { ...event, ...change }],
    ] as const) {
      await store.append('same-1', { id: '00000000-0000-4000-8000-00000000000a' });
      await store.append('changed-1', middle);
      await store.append('same-2', { id: '00000000-0000-4000-8000-00000000000b' });
    }
    await expect(move(from, to, { verifyOnly: true })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'migrate.different',
      message: expect.stringContaining('changed-1: 1 events in the source, 1 in the target') as string,
    });
    await expect(move(from, to)).rejects.toMatchObject({ code: 'migrate.target-has-other-events' });
  });

  it('finds another order of the same streams', async () => {
    const [from, to] = [await newStore(), await newStore()];
    const [a, b] = [{ id: randomUUID() }, { id: randomUUID() }];
    await from.append('a-1', a);
    await from.append('b-1', b);
    await to.append('b-1', b);
    await to.append('a-1', a);
    await expect(move(from, to, { verifyOnly: true })).rejects.toThrow('the order differs');
  });

  it('finds what is missing, and writes nothing when it only verifies', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.append('a-1', {}, {});
    await expect(move(from, to, { verifyOnly: true })).rejects.toThrow('a-1: 2 events in the source, 0 in the target');
    expect(await to.events()).toEqual([]);
  });

  it('says which event the target does not take because of its size', async () => {
    const [from, to] = [await newStore(), await newStore({ maxAppendBytes: 1_000 })];
    await from.append('a-1', { data: 'x'.repeat(2_000) });
    await expect(move(from, to)).rejects.toMatchObject({ kind: 'refused', code: 'migrate.event-too-large' });
  });

  it('says that it was interrupted when a store cannot be reached', async () => {
    const [from] = [await newStore()];
    const nobody = { ...from, url: 'esdb://127.0.0.1:1?tls=false' };
    await from.append('a-1', {});
    await expect(move(from, nobody)).rejects.toMatchObject({ kind: 'unavailable', code: 'migrate.interrupted' });
    await expect(migrate({ from: 'nonsense', to: from.url, report: quiet })).rejects.toMatchObject({ kind: 'invalid' });
  });
});
