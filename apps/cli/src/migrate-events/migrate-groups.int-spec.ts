import {
  type AllStreamResolvedEvent,
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  type PersistentSubscriptionToAll,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  PINNED,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { until } from '@hark/testing';
import { migrate } from './migrate';
import { type StoreUnderTest, useStores } from './two-stores.fixture';

const { newStore } = useStores();
const quick = { checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 1 };
const toAll = persistentSubscriptionToAllSettingsFromDefaults;
const toStream = persistentSubscriptionToStreamSettingsFromDefaults;

async function move(from: StoreUnderTest, to: StoreUnderTest): Promise<string[]> {
  const lines: string[] = [];
  await migrate({ from: from.url, to: to.url, report: (line) => lines.push(line) });
  return lines;
}

/** Reads from a group until `enough`; acknowledges, or parks what `parks` says. Data `n` of each event in order. */
async function consume(
  client: EventStoreDBClient,
  stream: string,
  group: string,
  enough: (seen: readonly number[]) => boolean,
  parks: (n: number) => boolean = () => false,
): Promise<number[]> {
  const seen: number[] = [];
  let problem: unknown;
  const isOver = (): boolean => problem !== undefined || (seen.length > 0 && enough(seen));
  const subscription: PersistentSubscriptionToAll =
    stream === '$all'
      ? client.subscribeToPersistentSubscriptionToAll(group)
      : (client.subscribeToPersistentSubscriptionToStream(stream, group) as unknown as PersistentSubscriptionToAll);
  subscription.on('error', (error) => (problem = error));
  subscription.on('data', (resolved: AllStreamResolvedEvent) => {
    if (isOver()) return;
    const { n } = resolved.event?.data as { n: number };
    seen.push(n);
    void (parks(n) ? subscription.nack('park', 'not today', resolved) : subscription.ack(resolved));
  });
  await until(isOver, { what: `enough from ${group}` });
  await subscription.unsubscribe();
  if (problem !== undefined) throw new Error(`reading from ${group} failed`, { cause: problem });
  return seen;
}

const numbered = (store: StoreUnderTest, stream: string, ...ns: number[]): Promise<void> =>
  store.append(stream, ...ns.map((n) => ({ data: JSON.stringify({ n }) })));
const checkpointed = async (
  store: StoreUnderTest,
  group: string,
  at: (info: { commit: bigint }) => boolean,
): Promise<void> => {
  await until(
    async () => {
      const { stats } = await store.client.getPersistentSubscriptionToAllInfo(group);
      return stats.lastCheckpointedEventPosition !== undefined && at(stats.lastCheckpointedEventPosition);
    },
    { what: 'the checkpoint' },
  );
};
/** Reads to the end: a read that is left before would never let its client be disposed. */
async function positionOf(store: StoreUnderTest, stream: string, revision: bigint): Promise<bigint> {
  let position: bigint | undefined;
  for await (const { event } of store.client.readStream(stream, { fromRevision: revision, maxCount: 1 })) {
    position = event?.position?.commit;
  }
  if (position === undefined) throw new Error('no such event');
  return position;
}

describe('persistent groups that are migrated', () => {
  it('go on after their checkpoint, with their filter, nothing left out', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.client.createPersistentSubscriptionToAll('half', toAll({ ...quick, startFrom: START }), {
      filter: streamNameFilter({ prefixes: ['mine-', 'ours-'] }),
    });
    await numbered(from, 'mine-1', 0, 1, 2);
    await numbered(from, 'theirs-1', 100);
    await numbered(from, 'ours-1', 3, 4, 5);
    await consume(from.client, '$all', 'half', (seen) => seen.length === 3);
    const third = await positionOf(from, 'mine-1', 2n);
    await checkpointed(from, 'half', ({ commit }) => commit >= third);
    await move(from, to);
    await numbered(to, 'mine-1', 6);
    expect(await consume(to.client, '$all', 'half', (seen) => seen.includes(6))).toEqual([3, 4, 5, 6]);
  });

  it('that have handled everything get only what is new, even what came before their first reader', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.client.createPersistentSubscriptionToAll('done', toAll({ ...quick, startFrom: START }), {
      filter: eventTypeFilter({ regex: '^noted$' }),
    });
    await numbered(from, 'mine-1', 0, 1);
    await consume(from.client, '$all', 'done', (seen) => seen.length === 2);
    const last = await positionOf(from, 'mine-1', 1n);
    await checkpointed(from, 'done', ({ commit }) => commit >= last);
    await move(from, to);
    await move(from, to);
    await numbered(to, 'mine-1', 2);
    expect(await consume(to.client, '$all', 'done', (seen) => seen.includes(2))).toEqual([2]);
  });

  it('that started at the end and confirmed nothing start where the end was', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await numbered(from, 'mine-1', 0, 1);
    await from.client.createPersistentSubscriptionToAll('late', toAll({ startFrom: END }), {
      filter: streamNameFilter({ prefixes: ['mine-'] }),
    });
    await from.client.createPersistentSubscriptionToStream('mine-1', 'late', toStream({ startFrom: END }));
    await numbered(from, 'mine-1', 2, 3);
    await move(from, to);
    for (const stream of ['$all', 'mine-1']) {
      expect(await consume(to.client, stream, 'late', (seen) => seen.includes(3))).toEqual([2, 3]);
    }
  });

  it('of a stream go on at the same revision, and keep all their settings', async () => {
    const [from, to] = [await newStore(), await newStore()];
    const settings = toStream({
      ...quick,
      startFrom: 1n,
      consumerStrategyName: PINNED,
      maxRetryCount: 3,
      messageTimeout: 12_345,
      maxSubscriberCount: 2,
    });
    await numbered(from, 'mine-1', 0, 1, 2, 3, 4);
    await from.client.createPersistentSubscriptionToStream('mine-1', 'settled', settings);
    await from.client.createPersistentSubscriptionToStream('mine-1', 'untouched', settings);
    await consume(from.client, 'mine-1', 'settled', (seen) => seen.includes(2));
    const info = () => from.client.getPersistentSubscriptionToStreamInfo('mine-1', 'settled');
    await until(async () => (await info()).stats.lastCheckpointedEventRevision === 2n, {
      what: 'the checkpoint',
    });
    await move(from, to);
    const moved = await to.client.getPersistentSubscriptionToStreamInfo('mine-1', 'settled');
    expect(moved.settings).toEqual({ ...(await info()).settings, startFrom: 3n });
    expect(await consume(to.client, 'mine-1', 'settled', (seen) => seen.includes(4))).toEqual([3, 4]);
    expect(await consume(to.client, 'mine-1', 'untouched', (seen) => seen.includes(4))).toEqual([1, 2, 3, 4]);
  });

  it('keep their parked events, once, and can replay them', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.client.createPersistentSubscriptionToAll('parking', toAll({ ...quick, startFrom: START }), {
      filter: streamNameFilter({ prefixes: ['mine-'] }),
    });
    await numbered(from, 'mine-1', 0, 1, 2, 3);
    const isOdd = (n: number): boolean => n % 2 === 1;
    await consume(from.client, '$all', 'parking', (seen) => seen.length === 4, isOdd);
    const info = (store: StoreUnderTest) => store.client.getPersistentSubscriptionToAllInfo('parking');
    await until(async () => (await info(from)).stats.parkedMessageCount === 2n, {
      what: 'two parked events',
    });
    const last = await positionOf(from, 'mine-1', 3n);
    await checkpointed(from, 'parking', ({ commit }) => commit >= last);
    await move(from, to);
    await move(from, to);
    expect((await info(to)).stats.parkedMessageCount).toBe(2n);
    await to.client.replayParkedMessagesToAll('parking');
    expect(await consume(to.client, '$all', 'parking', (seen) => seen.length === 2)).toEqual([1, 3]);
  });

  it('are left as they are when somebody reads from them in the target', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.client.createPersistentSubscriptionToAll('used', toAll({ startFrom: START }), {
      filter: streamNameFilter({ prefixes: ['mine-'] }),
    });
    await numbered(from, 'mine-1', 0, 1);
    await move(from, to);
    await consume(to.client, '$all', 'used', (seen) => seen.length === 2);
    expect(await move(from, to)).toContain('group $all::used: in use in the target, left as it is');
  });

  it('are missed by a verification', async () => {
    const [from, to] = [await newStore(), await newStore()];
    await from.client.createPersistentSubscriptionToAll('missing', toAll({ startFrom: START }));
    const verified = migrate({ from: from.url, to: to.url, verifyOnly: true, report: () => undefined });
    await expect(verified).rejects.toMatchObject({
      code: 'migrate.different',
      message: 'the target lacks the groups $all::missing',
    });
  });
});
