import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { AppendOutcome, ExpectedRevision, NewEvent } from '../event-log';
import { SqliteEventLog } from '../sqlite-event-log';
import { eventually } from '../store.fixture';
import { StreamSource } from './event-source';
import { PersistentSubscription } from './persistent-subscription';
import { Reader } from './reader';

/** A log whose appends to some streams fail as they do on a full disk, or take until they are let go. */
class FailingLog extends SqliteEventLog {
  failing: RegExp | undefined;
  held: { streams: RegExp; until: Promise<void> } | undefined;

  override async append(
    streamId: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendOutcome> {
    if (this.held?.streams.test(streamId) === true) await this.held.until;
    return this.failing?.test(streamId) === true
      ? Promise.reject(new Error('disk full'))
      : super.append(streamId, expected, events);
  }
}

let dir: string;
let log: FailingLog;
const nowMs = 0;
let unexpected: unknown[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hark-failing-'));
  log = new FailingLog(dir);
  unexpected = [];
});
afterEach(async () => {
  await log.close();
  rmSync(dir, { recursive: true });
});

async function running(events: number) {
  const written = Array.from({ length: events }, () => ({
    id: randomUUID(),
    type: 'T',
    isJson: false,
    data: new Uint8Array(),
    metadata: new Uint8Array(),
  }));
  await log.append('s', { is: 'any' }, written);
  const config = {
    stream: 's',
    group: 'g',
    filter: undefined,
    resolvedEnd: undefined,
    settings: {
      startFrom: { is: 'start' },
      resolveLinkTos: false,
      extraStatistics: false,
      messageTimeoutMs: 60_000,
      maxRetryCount: 0,
      checkPointAfterMs: 0,
      minCheckPointCount: 1,
      maxCheckPointCount: 1,
      maxSubscriberCount: 0,
      liveBufferSize: 10,
      readBatchSize: 1,
      historyBufferSize: 10,
      consumerStrategy: 'RoundRobin',
    },
  } as const;
  const source = () => new StreamSource(log, 's', false, 0n);
  const onUnexpected = (error: unknown) => unexpected.push(error);
  const subscription = new PersistentSubscription({ log, config, source, nowMs: () => nowMs, onUnexpected });
  const given: string[] = [];
  const connection = {
    send: ({ original }: { original: { id: string } }) => given.push(original.id),
    drop: () => {},
  };
  const reader = new Reader({ username: '', connectionName: '' }, 10, connection, false);
  subscription.connect(reader);
  await eventually(() => given.length === events, 'all events');
  return { subscription, reader, given };
}

it('an event that cannot be parked holds the checkpoint back and is parked once that is possible', async () => {
  const { subscription, reader, given } = await running(3);
  log.failing = /-parked$/;
  subscription.nack(reader, [given[0] ?? ''], 'park', 'why');
  subscription.ack(reader, given.slice(1));
  subscription.tick();
  await eventually(() => unexpected.length > 0, 'a reported failure');
  expect(unexpected).toContainEqual(new Error('disk full'));
  await subscription.checkpoints.idle();
  expect([subscription.parker.count, subscription.checkpoints.checkpoint]).toEqual([0n, undefined]);
  expect(subscription.group.outstandingCount).toBe(1);
  log.failing = undefined;
  await eventually(() => {
    subscription.tick();
    return subscription.checkpoints.checkpoint === 2n;
  }, 'parked and checkpointed');
  expect(subscription.parker.count).toBe(1n);
  await subscription.stop();
});

it('a checkpoint that cannot be written is written at a later tick', async () => {
  const { subscription, reader, given } = await running(2);
  log.failing = /-checkpoint$/;
  subscription.ack(reader, given);
  await subscription.checkpoints.idle();
  expect(subscription.checkpoints.checkpoint).toBeUndefined();
  log.failing = undefined;
  subscription.tick();
  await eventually(() => subscription.checkpoints.checkpoint === 1n, 'checkpoint');
  await subscription.stop();
});

it('stopping waits for the checkpoint that is being written', async () => {
  const { subscription, reader, given } = await running(2);
  const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
  log.held = { streams: /-checkpoint$/, until };
  subscription.ack(reader, given);
  let stopped = false;
  const stopping = subscription.stop().then(() => (stopped = true));
  await turn();
  expect(stopped).toBe(false);
  letGo();
  await stopping;
  expect(subscription.checkpoints.checkpoint).toBe(1n);
});

it('a second replay while $tb is still being moved repeats nothing', async () => {
  const { subscription, reader, given } = await running(2);
  subscription.nack(reader, given, 'park', '');
  await eventually(() => subscription.parker.count === 2n, 'both parked');
  const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
  log.held = { streams: /-parked$/, until };
  const first = subscription.replayParked(undefined);
  await eventually(() => given.length === 4, 'both again');
  await subscription.replayParked(undefined);
  letGo();
  await first;
  await turn();
  expect(given).toHaveLength(4);
  expect(subscription.parker.count).toBe(0n);
  await subscription.stop();
});
