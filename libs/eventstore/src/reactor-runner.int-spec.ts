import { randomUUID } from 'node:crypto';
import { HarkError } from '@hark/kernel';
import { TempStore, tempStore, until } from '@hark/testing';
import { contextOf } from './counting.fixture';
import { EventStore } from './event-store';
import { Reactor } from './reactor';
import { ReactorRunner } from './reactor-runner';
import { RecordedEvent } from './recorded-event';
import { defaultRetryPolicy, RetryPolicy } from './retry-policy';
import { stallingProxy } from './stalling-proxy.fixture';

const added = (n: number) => ({ type: 'counter.added', data: { n } });
const numberOf = ({ event }: RecordedEvent) => (event.data as { n: number }).n;
const away = () => new HarkError('unavailable', 'service.unavailable', 'away');

describe('reacting', () => {
  let server: TempStore;
  let store: EventStore;
  let runners: ReactorRunner[];
  beforeEach(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
    runners = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await store.close();
    await server.close();
  });

  const append = (n: number) => store.append('counter', randomUUID(), 'no-stream', [added(n)], contextOf());
  function run(react: Reactor['react'], deadlines: Partial<RetryPolicy> = {}, extra: Partial<Reactor> = {}) {
    const reactor = { group: 'test.count', reactsTo: ['counter.added'], react, ...extra };
    const runner = new ReactorRunner(store, [reactor], undefined, { ...defaultRetryPolicy, ...deadlines });
    runners.push(runner);
    runner.start();
    return runner;
  }

  it('hears of everything from the beginning of the log, each type it asked for and no other', async () => {
    const seen: RecordedEvent[] = [];
    await append(1);
    await store.append(
      'counter',
      randomUUID(),
      'no-stream',
      [{ type: 'counter.added-not', data: { n: 9 } }],
      contextOf(),
    );
    const runner = run(async (recorded) => void seen.push(recorded));
    await until(() => runner.counts()['test.count']!.connected, { what: 'subscribed' });
    const { position } = await append(2);
    await until(() => seen.length === 2, { what: 'both events' });
    expect(seen.map(numberOf)).toEqual([1, 2]);
    expect(seen[1]).toMatchObject({ category: 'counter', position, metadata: { actor: 'service:test' } });
    await until(() => runner.counts()['test.count']!.processed === 2, { what: 'counted' });
  });

  it('runs no more at a time than it may, and all in the end', async () => {
    let [running, most, done] = [0, 0, 0];
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    for (let n = 0; n < 50; n += 1) await append(n);
    run(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await held;
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        done += 1;
      },
      {},
      { concurrency: 4 },
    );
    await until(() => running === 4, { what: 'four run' });
    letGo();
    await until(() => done === 50, { what: 'all done' });
    expect(most).toBe(4);
  });

  it('begins one after the other, and with all in the end, where it leaves the processors to others', async () => {
    let [done, thisTurn, most] = [0, 0, 0];
    for (let n = 0; n < 40; n += 1) await append(n);
    run(
      async () => {
        if (thisTurn === 0) setImmediate(() => (thisTurn = 0));
        thisTurn += 1;
        most = Math.max(most, thisTurn);
        done += 1;
      },
      {},
      { concurrency: 40, spare: { processorsMax: 0, leastPerSecond: 20, mostPerSecond: 1_000 } },
    );
    await until(() => done === 40, { what: 'all done' });
    // It may make up for a timer that was late by one.
    expect(most).toBeLessThan(4);
  });

  it('is done at once with events that do not concern it, also while it has no slot for more', async () => {
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const seen: number[] = [];
    for (let n = 0; n < 20; n += 1) await append(n);
    const react = (recorded: RecordedEvent) => (seen.push(numberOf(recorded)), held);
    const concerns = (recorded: RecordedEvent) => numberOf(recorded) % 10 === 0;
    const runner = run(react, {}, { concurrency: 1, waitingMax: 8, concerns });
    // One is held, and the next one waits for it.
    await until(() => runner.counts()['test.count']!.processed === 18, { what: 'the others are acknowledged' });
    expect(seen).toEqual([0]);
    end();
    await until(() => runner.counts()['test.count']!.processed === 20, { what: 'all' });
    expect(seen).toEqual([0, 10]);
  });

  it('takes one of each owner in turn, whoever has brought many', async () => {
    const seen: number[] = [];
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    for (const n of [10, 11, 12, 13, 20]) await append(n);
    let atHand = 0;
    const ownerOf = (recorded: RecordedEvent) => {
      atHand += 1;
      return String(numberOf(recorded))[0]!;
    };
    const react = async (recorded: RecordedEvent) => {
      await held;
      seen.push(numberOf(recorded));
    };
    run(react, {}, { concurrency: 1, waitingMax: 8, ownerOf });
    await until(() => atHand === 5, { what: 'all are at hand' });
    go();
    await until(() => seen.length === 5, { what: 'all are handled' });
    expect(seen).toEqual([10, 11, 20, 12, 13]);
  });

  it('parks poison at once under its code, goes on with the rest, and tries it anew when told', async () => {
    const seen: number[] = [];
    let cured = false;
    for (const n of [1, 2, 3]) await append(n);
    const runner = run(async (recorded) => {
      if (numberOf(recorded) === 2 && !cured) throw new HarkError('invalid', 'counter.poison', 'poison');
      if (numberOf(recorded) === 3 && !cured) throw new TypeError('a bug');
      seen.push(numberOf(recorded));
    });
    await until(async () => (await runner.standings())['test.count']?.parked === 2, { what: 'parked' });
    expect(runner.counts()['test.count']).toMatchObject({ parked: 2, processed: 1, retried: 0 });
    const reasons: unknown[] = [];
    for await (const { event } of store.client.readStream('$persistentsubscription-$all::test.count-parked')) {
      reasons.push((event!.metadata as { reason: string }).reason);
    }
    expect(reasons.sort()).toEqual([
      expect.stringContaining('counter.poison'),
      expect.stringContaining('hark.internal'),
    ]);
    cured = true;
    await store.client.replayParkedMessagesToAll('test.count');
    await until(() => seen.length === 3, { what: 'replayed' });
    expect(seen[0]).toBe(1);
  });

  it('waits out what is unavailable, and does not hold up the others', async () => {
    const seen: number[] = [];
    let failures = 0;
    await append(1);
    await append(2);
    const runner = run(
      async (recorded) => {
        if (numberOf(recorded) === 1 && (seen.length === 0 || failures < 5)) {
          failures += 1;
          throw away();
        }
        seen.push(numberOf(recorded));
      },
      { firstWaitMs: 10, longestWaitMs: 20 },
    );
    await until(() => seen.length === 2, { what: 'both' });
    expect(seen).toEqual([2, 1]);
    expect(runner.counts()['test.count']).toMatchObject({ retried: failures, parked: 0 });
  });

  it('never parks for an outage, however long', async () => {
    let tries = 0;
    await append(1);
    const runner = run(
      async () => {
        tries += 1;
        if (tries < 15) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      },
      { outageMs: 0 },
    );
    await until(() => runner.counts()['test.count']!.processed === 1, { what: 'done' });
    expect(tries).toBe(15);
    const standing = async () => (await runner.standings())['test.count']!;
    await until(
      async () => {
        const { waiting, readers } = await standing();
        return waiting === 0 && readers === 1;
      },
      { what: 'the store knows that it is done, and that the readers before are gone' },
    );
    expect((await standing()).parked).toBe(0);
  });

  it('parks in the end what fails for ever without a known reason', async () => {
    let tries = 0;
    await append(1);
    const runner = run(
      async () => {
        tries += 1;
        throw new HarkError('unavailable', 'hark.internal', 'something over there');
      },
      { unknownMs: 0 },
    );
    await until(async () => (await runner.standings())['test.count']?.parked === 1, { what: 'parked by the store' });
    expect(tries).toBe(11);
  });

  it('gives a reaction that never ends back to the store', async () => {
    let tries = 0;
    await append(1);
    run(() => (tries++ === 0 ? new Promise(() => {}) : Promise.resolve()), { reactionMs: 50, unknownMs: 0 });
    await until(() => tries === 2, { what: 'tried again' });
  });

  it('goes on after the store restarts, and hears what was not acknowledged again', async () => {
    const seen: number[] = [];
    const runner = run(async (recorded) => void seen.push(numberOf(recorded)));
    await append(1);
    await until(() => seen.includes(1), { what: 'the first' });
    await server.restart();
    await append(2);
    await until(() => seen.includes(2), { what: 'the second' });
    expect(runner.counts()['test.count']!.subscribed).toBeGreaterThan(1);
  });

  it('leaves a connection that has fallen silent', async () => {
    const proxy = await stallingProxy(server.url);
    const through = EventStore.connect(proxy.url, { deadlineMs: 2_000 });
    const seen: number[] = [];
    const react = async (recorded: RecordedEvent) => void seen.push(numberOf(recorded));
    const runner = new ReactorRunner(through, [{ group: 'test.count', reactsTo: ['counter.added'], react }]);
    try {
      runner.start();
      await append(1);
      await until(() => seen.includes(1), { what: 'the first' });
      proxy.stall();
      await expect(through.ping()).rejects.toMatchObject({ code: 'eventstore.timeout' });
      await until(() => runner.counts()['test.count']!.subscribed >= 2, { what: 'subscribed again' });
      // Until the store has noticed, it gives every other event to the reader that it no longer reaches.
      for (let n = 2; n < 10; n += 1) await append(n);
      await until(() => seen.length >= 4, { what: 'some of the next' });
    } finally {
      await runner.stop();
      await through.close();
      await proxy.close();
    }
  });

  it('lets a running reaction finish and acknowledges it when it stops', async () => {
    let [begun, finished] = [0, 0];
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    await append(1);
    const first = run(async () => {
      begun += 1;
      await gate;
      finished += 1;
    });
    await until(() => begun === 1, { what: 'begun' });
    const stopped = first.stop();
    release();
    await stopped;
    expect(finished).toBe(1);
    const again: number[] = [];
    run(async (recorded) => void again.push(numberOf(recorded)));
    await append(2);
    await until(() => again.includes(2), { what: 'the next' });
    expect(again).toEqual([2]);
  });

  it('shares the events of a group among processes', async () => {
    const seen: [number, number][] = [];
    for (const me of [0, 1]) run(async (recorded) => void seen.push([me, numberOf(recorded)]), {}, { concurrency: 2 });
    await until(() => runners.every((runner) => runner.counts()['test.count']!.connected), { what: 'both subscribed' });
    for (let n = 0; n < 20; n += 1) await append(n);
    await until(() => seen.length === 20, { what: 'all' });
    expect(new Set(seen.map(([, n]) => n)).size).toBe(20);
    expect(new Set(seen.map(([me]) => me)).size).toBe(2);
  });
});
