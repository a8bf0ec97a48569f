import type { LogEvent } from '../event-log';
import { consumerStrategy } from './consumer-strategies';
import { Group } from './group';
import type { Message } from './message';
import { Reader } from './reader';
import type { GroupSettings } from './settings';

const settings: GroupSettings = {
  startFrom: { is: 'start' },
  resolveLinkTos: false,
  extraStatistics: false,
  messageTimeoutMs: 30_000,
  maxRetryCount: 2,
  checkPointAfterMs: 2_000,
  minCheckPointCount: 10,
  maxCheckPointCount: 1_000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  consumerStrategy: 'RoundRobin',
};

const event = (n: number, streamId = 's', id = `e${n}`): LogEvent => ({
  position: n,
  streamId,
  revision: BigInt(n),
  id,
  type: 'T',
  isJson: true,
  createdMs: 0,
  data: new Uint8Array(),
  metadata: new Uint8Array(),
});

/** A group with what it wanted done written down, and readers that write down what they were given. */
function scenario(changes: Partial<GroupSettings> = {}, checkpoint?: bigint) {
  const all = { ...settings, ...changes };
  const parked: { message: Message; reason: string }[] = [];
  const checkpoints: bigint[] = [];
  const group = new Group(
    all,
    consumerStrategy(all.consumerStrategy as 'RoundRobin'),
    {
      park: (message, reason) => parked.push({ message, reason }),
      checkpoint: (place) => checkpoints.push(place),
    },
    checkpoint,
  );
  const reader = (bufferSize = 10) => {
    const given: string[] = [];
    const send = ({ original, retryCount }: Message) => given.push(`${original.id}/${retryCount}`);
    const made = new Reader({ username: 'system', connectionName: 'c' }, bufferSize, { send, drop: () => {} }, true);
    group.connect(made, 0);
    return Object.assign(made, { given });
  };
  const offer = (...events: LogEvent[]) => {
    for (const each of events) group.offer({ event: each }, each.revision);
    group.push(0);
  };
  const offerUpTo = (last: number) => offer(...Array.from({ length: last }, (_, i) => event(i + 1)));
  return { group, reader, offer, offerUpTo, parked, checkpoints };
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `e${from + i}`);

describe('slots', () => {
  it('gives a reader no more than its buffer and goes on with each answer', () => {
    const { group, reader, offerUpTo } = scenario();
    const a = reader(2);
    offerUpTo(4);
    expect(a.given).toEqual(['e1/0', 'e2/0']);
    group.ack(a, ['e1'], 0);
    group.nack(a, ['e2'], 'skip', '', 0);
    expect(a.given).toEqual(['e1/0', 'e2/0', 'e3/0', 'e4/0']);
    expect(a.availableSlots).toBe(0);
  });

  it('keeps events for a reader whose connection takes no more', () => {
    const { group, reader, offerUpTo } = scenario();
    const a = reader();
    a.blocked = true;
    offerUpTo(1);
    expect(a.given).toEqual([]);
    a.blocked = false;
    group.push(0);
    expect(a.given).toEqual(['e1/0']);
  });

  it('ignores answers for what nobody holds', () => {
    const { group, reader, offerUpTo } = scenario();
    const a = reader(1);
    offerUpTo(2);
    group.ack(a, ['e2', 'unknown'], 0);
    group.nack(a, ['unknown'], 'park', '', 0);
    expect(a.inFlight).toBe(1);
    expect(a.given).toEqual(['e1/0']);
  });

  it('frees a slot for each of two events with the same id', () => {
    const { group, reader, offer } = scenario({ maxCheckPointCount: 1 });
    const a = reader(2);
    offer(event(1, 'a', 'same'), event(2, 'b', 'same'), event(3));
    group.ack(a, ['same'], 0);
    expect(a.given).toEqual(['same/0', 'same/0', 'e3/0']);
    group.ack(a, ['same', 'e3'], 0);
    expect(a.inFlight).toBe(0);
    expect(group.outstandingCount).toBe(0);
  });
});

describe('nack and timeout', () => {
  it('redelivers a nacked event before new ones, up to the maximum, then parks it', () => {
    const { group, reader, offerUpTo, parked } = scenario({ maxRetryCount: 2 });
    const a = reader(1);
    offerUpTo(2);
    for (let i = 0; i < 3; i += 1) group.nack(a, ['e1'], 'retry', 'why', 0);
    expect(a.given).toEqual(['e1/0', 'e1/1', 'e1/2', 'e2/0']);
    expect(parked).toMatchObject([{ message: { original: { id: 'e1' } }, reason: 'Reached retry count of 2' }]);
  });

  it('parks at the first nack and at the first timeout when no retries are allowed', () => {
    const { group, reader, offerUpTo, parked } = scenario({ maxRetryCount: 0 });
    const a = reader();
    offerUpTo(2);
    group.nack(a, ['e1'], 'retry', '', 0);
    group.tick(30_000);
    expect(parked.map(({ message }) => message.original.id)).toEqual(['e1', 'e2']);
  });

  it('parks by request, with the reason of the reader', () => {
    const { group, reader, offerUpTo, parked } = scenario();
    const a = reader();
    offerUpTo(1);
    group.nack(a, ['e1'], 'park', 'broken', 0);
    expect(parked).toMatchObject([{ reason: "Client explicitly NAK'ed message.\nbroken" }]);
  });

  it('retries what was held for the whole timeout, and not a millisecond earlier', () => {
    const { group, reader, offerUpTo } = scenario({ messageTimeoutMs: 1_000 });
    const a = reader();
    offerUpTo(1);
    group.tick(999);
    expect(a.given).toEqual(['e1/0']);
    group.tick(1_000);
    expect(a.given).toEqual(['e1/0', 'e1/1']);
    expect(a.inFlight).toBe(1);
  });

  it('times out at the next tick when the timeout is 0', () => {
    const { group, reader, offerUpTo } = scenario({ messageTimeoutMs: 0 });
    const a = reader();
    offerUpTo(1);
    group.tick(0);
    expect(a.given).toEqual(['e1/0', 'e1/1']);
  });

  it('lets a late ack of a queued retry have no effect', () => {
    const { group, reader, offerUpTo } = scenario({ messageTimeoutMs: 1_000 });
    const a = reader(2);
    offerUpTo(3);
    a.blocked = true;
    group.tick(1_000);
    group.ack(a, ['e1'], 1_000);
    a.blocked = false;
    group.push(1_000);
    expect(a.given).toEqual(['e1/0', 'e2/0', 'e1/1', 'e2/1']);
  });

  it('lets the ack of a former holder finish what another reader has by now', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ messageTimeoutMs: 1_000, maxCheckPointCount: 1 });
    const a = reader(1);
    offerUpTo(1);
    a.blocked = true;
    const b = reader(1);
    group.tick(1_000);
    expect(b.given).toEqual(['e1/1']);
    group.ack(a, ['e1'], 1_000);
    expect([a.inFlight, b.inFlight, group.outstandingCount]).toEqual([0, 0, 0]);
    expect(checkpoints).toEqual([1n]);
  });

  it('orders retries by their place in the log', () => {
    const { group, reader, offerUpTo } = scenario();
    const a = reader(4);
    offerUpTo(5);
    a.blocked = true;
    group.nack(a, ['e3', 'e1', 'e4', 'e2'], 'retry', '', 0);
    a.blocked = false;
    group.push(0);
    expect(a.given.slice(4)).toEqual(['e1/1', 'e2/1', 'e3/1', 'e4/1']);
  });

  it('gives what a lost reader held to the others, with one more retry and without the check', () => {
    const { group, reader, offerUpTo, parked } = scenario({ maxRetryCount: 0 });
    const a = reader(2);
    offerUpTo(2);
    const b = reader(5);
    group.disconnect(a, 0);
    expect(b.given).toEqual(['e1/1', 'e2/1']);
    expect(parked).toEqual([]);
  });
});

describe('replay of parked events', () => {
  it('comes before new events, oldest first, and holds no checkpoint back', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ maxCheckPointCount: 1 });
    group.replay({ event: event(90), link: event(100, 'parked') });
    group.replay({ event: event(91), link: event(101, 'parked') });
    const a = reader();
    offerUpTo(1);
    expect(a.given).toEqual(['e100/0', 'e101/0', 'e1/0']);
    group.ack(a, ['e1'], 0);
    expect(checkpoints).toEqual([1n]);
  });
});

describe('checkpoints', () => {
  it('are written at the upper bound as soon as it is reached', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ maxCheckPointCount: 5 });
    const a = reader(20);
    offerUpTo(8);
    group.ack(a, ids(1, 4), 0);
    expect(checkpoints).toEqual([]);
    group.ack(a, ['e5'], 0);
    expect(checkpoints).toEqual([5n]);
  });

  it('stay just below the lowest unfinished event', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ maxCheckPointCount: 2 });
    const a = reader(20);
    offerUpTo(8);
    group.ack(a, [...ids(1, 2), ...ids(4, 8)], 0);
    expect(checkpoints).toEqual([2n]);
    group.nack(a, ['e3'], 'retry', '', 0);
    expect(checkpoints).toEqual([2n]);
    group.ack(a, ['e3'], 0);
    expect(checkpoints).toEqual([2n, 8n]);
  });

  it('are written by time at a tick from the lower bound on, and never below it', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ minCheckPointCount: 3, checkPointAfterMs: 2_000 });
    const a = reader(20);
    offerUpTo(8);
    group.ack(a, ids(1, 2), 0);
    group.tick(1_000);
    expect(checkpoints).toEqual([]);
    group.ack(a, ['e3'], 1_000);
    expect(checkpoints).toEqual([]);
    group.tick(2_000);
    expect(checkpoints).toEqual([3n]);
    group.ack(a, ids(4, 7), 2_000);
    group.tick(3_999);
    expect(checkpoints).toEqual([3n]);
    group.tick(4_000);
    expect(checkpoints).toEqual([3n, 7n]);
    group.tick(9_000);
    expect(checkpoints).toEqual([3n, 7n]);
  });

  it('are never written by time when the time is 0', () => {
    const { group, reader, offerUpTo, checkpoints } = scenario({ minCheckPointCount: 1, checkPointAfterMs: 0 });
    const a = reader();
    offerUpTo(3);
    group.ack(a, ids(1, 3), 0);
    group.tick(1_000_000);
    expect(checkpoints).toEqual([]);
  });

  it('wait for the link of a parked event', () => {
    const { group, reader, offerUpTo, checkpoints, parked } = scenario({ maxCheckPointCount: 1 });
    const a = reader();
    offerUpTo(2);
    group.nack(a, ['e1'], 'park', '', 0);
    group.ack(a, ['e2'], 0);
    expect(checkpoints).toEqual([]);
    expect(group.outstandingCount).toBe(1);
    for (const { message } of parked) group.parked(message, 0);
    expect(checkpoints).toEqual([2n]);
  });

  it('advance with what the filter leaves out', () => {
    const { group, reader, offer, checkpoints } = scenario({ maxCheckPointCount: 10 });
    const a = reader();
    group.skip(9, 9n, 0);
    expect(checkpoints).toEqual([]);
    offer(event(10));
    group.skip(50, 60n, 0);
    expect(checkpoints).toEqual([]);
    group.ack(a, ['e10'], 0);
    expect(checkpoints).toEqual([60n]);
  });

  it('count from the one the group resumed from', () => {
    const { group, reader, offer, checkpoints } = scenario({ maxCheckPointCount: 2 }, 41n);
    const a = reader();
    offer(event(42), event(43), event(44));
    group.ack(a, ['e44', 'e43'], 0);
    expect(checkpoints).toEqual([]);
    group.ack(a, ['e42'], 0);
    expect(checkpoints).toEqual([44n]);
  });

  it('do not move over an event that waits because its pinned reader is full', () => {
    const { group, reader, offer, checkpoints } = scenario({ consumerStrategy: 'Pinned', maxCheckPointCount: 1 });
    const a = reader(1);
    const b = reader(5);
    offer(event(1, 'one'), event(2, 'one'), event(3, 'two'));
    expect([a.given, b.given]).toEqual([['e1/0'], ['e3/0']]);
    group.ack(b, ['e3'], 0);
    expect(checkpoints).toEqual([]);
    group.ack(a, ['e1'], 0);
    expect(checkpoints).toEqual([1n]);
  });
});

describe('room', () => {
  it('is what the history buffer has left, retries counted', () => {
    const { group, reader, offerUpTo } = scenario({ historyBufferSize: 5 });
    offerUpTo(3);
    expect(group.room).toBe(2);
    const a = reader(3);
    expect(group.room).toBe(5);
    a.blocked = true;
    group.nack(a, ids(1, 3), 'retry', '', 0);
    expect(group.room).toBe(2);
  });
});

describe('room for large events', () => {
  it('ends with their size', () => {
    const { group, reader, offer } = scenario();
    const large = (n: number): LogEvent => ({ ...event(n), data: Buffer.alloc(8 * 1_048_576) });
    offer(large(1));
    expect(group.room).toBe(499);
    offer(large(2));
    expect(group.room).toBe(0);
    const a = reader(1);
    expect(group.room).toBe(499);
    group.ack(a, ['e1'], 0);
    expect(group.room).toBe(500);
  });
});

describe('readers', () => {
  it('are as many as allowed', () => {
    const { group, reader } = scenario({ maxSubscriberCount: 2 });
    reader();
    expect(group.isFull).toBe(false);
    reader();
    expect(group.isFull).toBe(true);
  });

  it('have their times measured from delivery to answer', () => {
    const { group, reader, offerUpTo } = scenario();
    const a = reader();
    offerUpTo(2);
    expect(a.statistics?.measurements()).toEqual([]);
    group.ack(a, ['e1'], 7);
    group.nack(a, ['e2'], 'skip', '', 9);
    expect(Object.fromEntries(a.statistics?.measurements() ?? [])).toMatchObject({ Mean: 8, Fastest: 7, Highest: 9 });
  });
});
