import {
  eventTypeFilter,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { CreateReq } from '@eventstore/db-client/generated/persistent_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { eventually, useStore } from '../../store.fixture';
import { freshName, numbered, streamOf, TestReader } from '../test-reader.fixture';
import { leastSettings, named, useRawGroups } from './raw-groups.fixture';

const store = useStore();
const raw = useRawGroups(store);

const fromStart = (stream: string) =>
  new CreateReq.StreamOptions().setStreamIdentifier(named(stream)).setStart(new Empty());
const optionsWith = (settings: CreateReq.Settings) => new CreateReq.Options().setGroupName('g').setSettings(settings);

describe('consumer strategies', () => {
  it('may be named, PinnedByCorrelation too, which keeps a correlation at one reader', async () => {
    const stream = freshName('correlated');
    const settings = leastSettings().setConsumerStrategy('PinnedByCorrelation').setMessageTimeoutMs(30_000);
    await raw.create(optionsWith(settings).setStream(fromStart(stream)));
    expect((await raw.info(stream)).getNamedConsumerStrategy()).toBe('PinnedByCorrelation');
    const readers = [
      TestReader.onStream(store.client, stream, 'g', 100),
      TestReader.onStream(store.client, stream, 'g', 100),
    ];
    await eventually(() => readers.every(({ confirmed }) => confirmed), 'two readers');
    const correlated = Array.from({ length: 40 }, (_, n) =>
      jsonEvent({ type: 'Step', data: { n }, metadata: { $correlationId: `c-${n % 8}` } }),
    );
    await store.client.appendToStream(stream, correlated);
    await eventually(() => readers[0]!.delivered.length + readers[1]!.delivered.length === 40, 'all events');
    const [one, other] = readers.map(
      ({ delivered }) => new Set(delivered.map(({ event }) => JSON.stringify(event?.metadata))),
    );
    expect(one!.size + other!.size).toBe(8);
    expect(Math.min(one!.size, other!.size)).toBeGreaterThan(0);
    for (const { subscription } of readers) await subscription.unsubscribe();
  });

  it.each([
    ['a name it does not know', (of: CreateReq.Settings) => of.setConsumerStrategy('pinned'), 'pinned'],
    [
      'a number it does not know',
      (of: CreateReq.Settings) => of.setNamedConsumerStrategy(7 as CreateReq.ConsumerStrategy),
      '7',
    ],
  ])('are refused by %s, before anything else', async (_, change, shown) => {
    const settings = change(leastSettings().setReadBatchSize(500));
    await expect(raw.create(optionsWith(settings).setStream(fromStart('s')))).rejects.toMatchObject({
      code: 13,
      details: `Subscription group g on stream s failed: 'Consumer strategy ${shown} does not exist.'`,
    });
  });
});

describe('a request', () => {
  it('without settings, or without anything, is one the handler did not foresee', async () => {
    await expect(raw.create()).rejects.toMatchObject({ code: 2 });
    const bare = new CreateReq.Options().setGroupName('g').setStream(fromStart('s'));
    await expect(raw.create(bare)).rejects.toMatchObject({ code: 2 });
  });

  it('that leaves the start open is refused', async () => {
    const stream = new CreateReq.StreamOptions().setStreamIdentifier(named('s'));
    await expect(raw.create(optionsWith(leastSettings()).setStream(stream))).rejects.toMatchObject({ code: 3 });
    const all = new CreateReq.AllOptions();
    await expect(raw.create(optionsWith(leastSettings()).setAll(all))).rejects.toMatchObject({ code: 3 });
  });

  it('of the old form, with a revision beyond what a stream can have, is refused', async () => {
    const settings = leastSettings().setRevision('9223372036854775808');
    await expect(raw.create(optionsWith(settings).setStreamIdentifier(named('s')))).rejects.toMatchObject({
      code: 13,
      details:
        "Subscription group g on stream s failed: 'Invalid Start From position: event number must be greater than or equal to -1.'",
    });
  });

  it('with an expression that is none leaves no group behind', async () => {
    const group = freshName('expression');
    const filter = streamNameFilter({ regex: '([' });
    await expect(
      store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START }), { filter }),
    ).rejects.toMatchObject({ type: 'unknown' });
    await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom: START }));
    await store.client.deletePersistentSubscriptionToAll(group);
  });

  it('with a filter needs an expression, and no interval for checkpoints, which a group has its own of', async () => {
    const filter = new CreateReq.AllOptions.FilterOptions().setCount(new Empty());
    const all = new CreateReq.AllOptions().setStart(new Empty()).setFilter(filter);
    await expect(raw.create(optionsWith(leastSettings()).setAll(all))).rejects.toMatchObject({ code: 3 });
    const mark = freshName('prefix');
    filter.setEventType(new CreateReq.AllOptions.FilterOptions.Expression().setPrefixList([mark]));
    await raw.create(optionsWith(leastSettings().setMessageTimeoutMs(30_000)).setAll(all));
    await store.client.appendToStream(mark, [...numbered(1, 1), ...numbered(2, 2, mark)]);
    const reader = TestReader.onAll(store.client, 'g');
    await reader.until(1);
    expect(reader.seen).toEqual(['2/0']);
    await reader.subscription.unsubscribe();
    await store.client.deletePersistentSubscriptionToAll('g');
  });

  it('made twice at once makes one group', async () => {
    const stream = freshName('twice');
    const made = await Promise.allSettled(
      [1, 2, 3].map(() => store.client.createPersistentSubscriptionToStream(stream, 'g', toStream())),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await store.client.listPersistentSubscriptionsToStream(stream)).toHaveLength(1);
  });
});

describe('where a group starts in $all', () => {
  it('is inclusive, at any position up to the last one', async () => {
    const mark = freshName('from');
    const filter = streamNameFilter({ prefixes: [mark] });
    const first = await store.client.appendToStream(mark, numbered(1, 1));
    const second = await store.client.appendToStream(mark, numbered(2, 2));
    const starts = [first.position!, { commit: second.position!.commit, prepare: 0n }, second.position!];
    const seen: string[][] = [];
    for (const [i, startFrom] of starts.entries()) {
      const group = `${mark}-${i}`;
      await store.client.createPersistentSubscriptionToAll(group, toAll({ startFrom }), { filter });
      expect((await store.client.getPersistentSubscriptionToAllInfo(group)).settings.startFrom).toEqual(startFrom);
      const reader = TestReader.onAll(store.client, group);
      await eventually(() => reader.seen.includes('2/0'), 'the second event');
      seen.push(reader.seen);
      await reader.subscription.unsubscribe();
    }
    expect(seen).toEqual([['1/0', '2/0'], ['2/0'], ['2/0']]);
  });
});

describe('the configuration', () => {
  it('is written whole, as JSON in camel case without defaults, and only the last two are kept', async () => {
    const [first, second] = [freshName('config'), freshName('config')];
    const filter = eventTypeFilter({ prefixes: ['a', 'b'] });
    await store.client.createPersistentSubscriptionToAll(first, toAll({ startFrom: START }), { filter });
    await store.client.createPersistentSubscriptionToStream(second, 'g', toStream({ startFrom: 5n, maxRetryCount: 0 }));
    const configs = await streamOf(store.client, '$persistentSubscriptionConfig');
    expect(configs).toHaveLength(2);
    const { type, isJson, data } = configs.at(-1)!;
    expect([type, isJson]).toEqual(['$PersistentConfig', true]);
    const { entries } = data as unknown as { entries: Record<string, unknown>[] };
    expect(entries.find(({ group }) => group === first)).toMatchObject({ stream: '$all', startPosition: 'C:0/P:0' });
    const entry = entries.find(({ stream }) => stream === second);
    expect(entry).toMatchObject({
      group: 'g',
      startPosition: '5',
      namedConsumerStrategy: 'RoundRobin',
      readBatchSize: 20,
    });
    expect(entry).not.toHaveProperty('maxRetryCount');
    expect(entry).not.toHaveProperty('resolveLinkTos');
  });
});
