import type { LogEvent } from '../event-log';
import { consumerStrategy } from './consumer-strategies';
import type { Message } from './message';
import { Reader } from './reader';
import type { ConsumerStrategyName } from './settings';
import { xxHash32 } from './xxhash32';

const message = (streamId: string, type = 'T', data = ''): Message => {
  const original: LogEvent = {
    position: 1,
    streamId,
    revision: 0n,
    id: 'id',
    type,
    isJson: false,
    createdMs: 0,
    data: Buffer.from(data),
    metadata: new Uint8Array(),
  };
  return { resolved: { event: original }, original, mark: undefined, retryCount: 0 };
};

const reader = (bufferSize = 1) =>
  new Reader({ username: '', connectionName: '' }, bufferSize, { send: () => {}, drop: () => {} }, false);

function strategyWith(name: ConsumerStrategyName, ...readers: Reader[]) {
  const strategy = consumerStrategy(name);
  for (const each of readers) strategy.added(each);
  const take = (streamId = 's', type?: string, data?: string) => {
    const choice = strategy.choose(message(streamId, type, data));
    if (choice instanceof Reader) choice.inFlight += 1;
    return choice;
  };
  return { strategy, take };
}

describe('round robin', () => {
  it('goes round, leaves out full readers, and ends when all are full', () => {
    const [a, b, c] = [reader(2), reader(1), reader(2)];
    const { take } = strategyWith('RoundRobin', a, b, c);
    expect([take(), take(), take(), take(), take(), take()]).toEqual([a, b, c, a, c, 'no-more-capacity']);
  });

  it('keeps its turn when a reader leaves', () => {
    const [a, b, c] = [reader(9), reader(9), reader(9)];
    const { strategy, take } = strategyWith('RoundRobin', a, b, c);
    expect([take(), take()]).toEqual([a, b]);
    strategy.removed(a);
    expect([take(), take(), take()]).toEqual([c, b, c]);
  });
});

describe('dispatch to single', () => {
  it('stays with a reader until it is full, then with the next', () => {
    const [a, b] = [reader(2), reader(2)];
    const { take } = strategyWith('DispatchToSingle', a, b);
    expect([take(), take(), take()]).toEqual([a, a, b]);
    a.inFlight = 0;
    expect([take(), take(), take(), take()]).toEqual([b, a, a, 'no-more-capacity']);
  });

  it('goes on with the next when the reader leaves', () => {
    const [a, b] = [reader(5), reader(5)];
    const { strategy, take } = strategyWith('DispatchToSingle', a, b);
    expect(take()).toBe(a);
    strategy.removed(a);
    expect(take()).toBe(b);
  });
});

describe('pinned', () => {
  const streams = Array.from({ length: 60 }, (_, i) => `order-${i}`);

  it('sends a stream to one reader as long as the readers stay, and shares streams evenly', () => {
    const readers = [reader(1_000), reader(1_000), reader(1_000)];
    const { take } = strategyWith('Pinned', ...readers);
    const first = streams.map((stream) => take(stream));
    expect(streams.map((stream) => take(stream))).toEqual(first);
    const shares = readers.map((each) => first.filter((chosen) => chosen === each).length);
    for (const share of shares) expect(share).toBeGreaterThan(10);
  });

  it('skips an event whose reader is full while another has room', () => {
    const [a, b] = [reader(1), reader(1)];
    const { take } = strategyWith('Pinned', a, b);
    expect(take('one')).toBe(a);
    expect(take('one')).toBe('skipped');
    expect(take('two')).toBe(b);
    expect(take('two')).toBe('no-more-capacity');
  });

  it('moves streams only as far as fairness asks when a reader comes, and frees those of one that leaves', () => {
    const [a, b] = [reader(1_000), reader(1_000)];
    const { strategy, take } = strategyWith('Pinned', a);
    for (const stream of streams) take(stream);
    strategy.added(b);
    const shared = streams.map((stream) => take(stream));
    const moved = shared.filter((chosen) => chosen === b).length;
    expect(moved).toBeGreaterThan(20);
    expect(moved).toBeLessThan(40);
    strategy.removed(b);
    expect(new Set(streams.map((stream) => take(stream)))).toEqual(new Set([a]));
  });

  it('moves streams with nothing in flight before others', () => {
    const [a, b] = [reader(1_000), reader(1_000)];
    const { strategy, take } = strategyWith('Pinned', a);
    for (const stream of streams) take(stream);
    for (const stream of streams.slice(0, 30)) strategy.released(a, message(stream));
    strategy.added(b);
    expect(new Set(streams.slice(30).map((stream) => take(stream)))).toEqual(new Set([a]));
  });

  it('pins an unresolved link to the stream it points to', () => {
    const readers = Array.from({ length: 8 }, () => reader(100));
    const { take } = strategyWith('Pinned', ...readers);
    const direct = streams.slice(0, 8).map((stream) => take(stream));
    expect(streams.slice(0, 8).map((stream) => take('$ce-order', '$>', `7@${stream}`))).toEqual(direct);
  });
});

describe('pinned by correlation', () => {
  const correlated = (streamId: string, metadata: string): Message => {
    const { original, ...rest } = message(streamId);
    const event = { ...original, metadata: Buffer.from(metadata) };
    return { ...rest, original: event, resolved: { event } };
  };

  it.each([
    ['is kept at one reader over streams', '{"$causationId":"x","$correlationId":"c-1"}', 1],
    ['is looked for in text only', '{"$correlationId":7}', 8],
    ['is looked for in JSON only', 'c-1', 8],
    ['is not found in no metadata', '', 8],
  ])('a correlation %s', (_, metadata, sources) => {
    const readers = Array.from({ length: 8 }, () => reader(100));
    const { strategy } = strategyWith('PinnedByCorrelation', ...readers);
    const chosen = Array.from({ length: 8 }, (_, i) => strategy.choose(correlated(`order-${i}`, metadata)));
    expect(new Set(chosen).size).toBe(sources);
  });
});

describe('xxHash32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %p is the published value', (text, hash) => {
    expect(xxHash32(Buffer.from(text))).toBe(hash);
  });
});
