import {
  END,
  persistentSubscriptionToAllSettingsFromDefaults as toAll,
  persistentSubscriptionToStreamSettingsFromDefaults as toStream,
  RETRY,
  START,
} from '@eventstore/db-client';
import { CreateReq, GetInfoReq } from '@eventstore/db-client/generated/persistent_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { eventually, useStore } from '../../store.fixture';
import { freshName, numbered, TestReader } from '../test-reader.fixture';
import { leastSettings, named, useRawGroups } from './raw-groups.fixture';

const store = useStore();
const raw = useRawGroups(store);

const infoOf = (stream: string) => store.client.getPersistentSubscriptionToStreamInfo(stream, 'g');

describe('counters', () => {
  it('count repeats, and begin anew with every look where they say so', async () => {
    const stream = freshName('counted');
    await store.client.appendToStream(stream, numbered(1, 3));
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const reader = TestReader.onStream(store.client, stream, 'g', 5);
    const [first] = await reader.until(3);
    await reader.subscription.nack(RETRY, 'again', first!);
    await reader.until(4);
    const info = await infoOf(stream);
    expect(info).toMatchObject({
      connections: [
        { totalItems: 4n, countSinceLastMeasurement: 4n, inFlightMessages: 3, availableSlots: 2, from: '' },
      ],
      stats: {
        totalItems: 4n,
        countSinceLastMeasurement: 4n,
        totalInFlightMessages: 3,
        outstandingMessagesCount: 3,
        readBufferCount: 0,
        retryBufferCount: 0,
        parkedMessageCount: 0n,
        lastKnownEventRevision: 2n,
        lastCheckpointedEventRevision: undefined,
      },
    });
    expect(info.connections[0]?.extraStatistics).toBeUndefined();
    const { stats, connections } = await infoOf(stream);
    expect([stats.countSinceLastMeasurement, connections[0]?.countSinceLastMeasurement]).toEqual([0n, 0n]);
    expect([stats.totalItems, stats.averagePerSecond]).toEqual([4n, 0]);
    await reader.subscription.unsubscribe();
  });

  it('show what waits, every reader by itself, and no reader that has gone', async () => {
    const stream = freshName('waiting');
    await store.client.appendToStream(stream, numbered(1, 9));
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
    const one = TestReader.onStream(store.client, stream, 'g', 2);
    await one.until(2);
    const other = TestReader.onStream(store.client, stream, 'g', 3);
    await other.until(3);
    expect(await infoOf(stream)).toMatchObject({
      connections: [
        { inFlightMessages: 2, availableSlots: 0, totalItems: 2n },
        { inFlightMessages: 3, availableSlots: 0, totalItems: 3n },
      ],
      stats: { readBufferCount: 4, totalInFlightMessages: 5 },
    });
    await one.subscription.unsubscribe();
    await eventually(async () => (await infoOf(stream)).connections.length === 1, 'one reader');
    expect((await infoOf(stream)).stats).toMatchObject({ retryBufferCount: 2, readBufferCount: 4 });
    await other.subscription.unsubscribe();
  });
});

describe('places', () => {
  it('are revisions for a stream and positions for $all', async () => {
    const stream = freshName('places');
    const often = { startFrom: START, checkPointLowerBound: 1, checkPointUpperBound: 1 } as const;
    await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream(often));
    await store.client.createPersistentSubscriptionToAll(stream, toAll(often));
    const { position } = await store.client.appendToStream(stream, numbered(1, 500));
    const [onStream, onAll] = [TestReader.onStream(store.client, stream, 'g'), TestReader.onAll(store.client, stream)];
    await onStream.ackAll();
    await onAll.ackAll();
    const ofAll = () => store.client.getPersistentSubscriptionToAllInfo(stream);
    await eventually(
      async () => (await infoOf(stream)).stats.lastCheckpointedEventRevision === 499n,
      'the stream done',
    );
    await eventually(
      async () => ((await ofAll()).stats.lastCheckpointedEventPosition?.commit ?? 0n) >= position!.commit,
      '$all done',
    );
    const { stats } = await ofAll();
    expect('lastKnownEventRevision' in stats || 'lastCheckpointedEventRevision' in stats).toBe(false);
    expect(stats.lastKnownEventPosition?.prepare).toBe(stats.lastKnownEventPosition?.commit);
    expect((await infoOf(stream)).stats.lastKnownEventRevision).toBe(499n);
    await onStream.subscription.unsubscribe();
    await onAll.subscription.unsubscribe();
  });

  it.each([
    ['start', START, 'C:0/P:0'],
    ['end', END, 'C:-1/P:-1'],
    ['a position', { commit: 1n, prepare: 1n }, 'C:1/P:1'],
  ] as const)('of the start in $all are text: %s', async (_, startFrom, shown) => {
    await store.client.createPersistentSubscriptionToAll('g', toAll({ startFrom }));
    expect((await raw.info('$all')).getStartFrom()).toBe(shown);
    await store.client.deletePersistentSubscriptionToAll('g');
  });
});

describe('on the wire', () => {
  it('measurements have the names of the real server, after the first answer', async () => {
    const stream = freshName('measured');
    await store.client.appendToStream(stream, numbered(1, 1));
    await store.client.createPersistentSubscriptionToStream(
      stream,
      'g',
      toStream({ startFrom: START, extraStatistics: true }),
    );
    const reader = TestReader.onStream(store.client, stream, 'g');
    await reader.until(1);
    const measured = async () => (await raw.info(stream)).getConnectionsList()[0]?.getObservedMeasurementsList() ?? [];
    expect(await measured()).toEqual([]);
    await reader.ackAll();
    await eventually(async () => (await measured()).length > 0, 'measurements');
    expect((await measured()).map((measurement) => measurement.getKey())).toEqual([
      ...['Mean', 'Median', 'Fastest', 'Quintile 1', 'Quintile 2', 'Quintile 3', 'Quintile 4', 'Quintile 5'],
      ...['90%', '95%', '99%', '99.5%', '99.9%', 'Highest'],
    ]);
    await reader.subscription.unsubscribe();
  });

  it.each([
    ['milliseconds', (of: CreateReq.Settings) => of.setMessageTimeoutMs(1_500).setCheckpointAfterMs(250), [1_500, 250]],
    [
      'ticks, of which parts of a millisecond are lost',
      (of: CreateReq.Settings) => of.setMessageTimeoutTicks('15009999').setCheckpointAfterTicks('2500000'),
      [1_500, 250],
    ],
    ['nothing', (of: CreateReq.Settings) => of, [0, 0]],
  ])('times are shown in milliseconds when they were given in %s', async (_, times, shown) => {
    const stream = freshName('times');
    const chosen = new CreateReq.StreamOptions().setStreamIdentifier(named(stream)).setStart(new Empty());
    await raw.create(new CreateReq.Options().setStream(chosen).setGroupName('g').setSettings(times(leastSettings())));
    const info = await raw.info(stream);
    expect([info.getMessageTimeoutMilliseconds(), info.getCheckPointAfterMilliseconds()]).toEqual(shown);
  });

  it('a request that names no group at all is one the handler did not foresee', async () => {
    await expect(raw.getInfo()).rejects.toMatchObject({ code: 2 });
    await expect(raw.getInfo(new GetInfoReq.Options().setGroupName('g'))).rejects.toMatchObject({ code: 2 });
  });
});
