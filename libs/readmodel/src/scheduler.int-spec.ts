import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { EventStore } from '@hark/eventstore';
import { Clock, FixedClock, plusMs } from '@hark/kernel';
import { FreshDatabase, freshDatabase, TempStore, tempStore, until } from '@hark/testing';
import { alarms, CreateDue, dueProjection, ringOf } from './alarms.fixture';
import { createDataSource } from './data-source';
import { Due } from './due';
import { context } from './notes.fixture';
import { ReadModel } from './read-model';
import { Scheduler } from './scheduler';

const noon = '2026-11-22T12:00:00.000Z';

describe('a schedule', () => {
  let server: TempStore;
  let store: EventStore;
  let database: FreshDatabase;
  let dataSource: DataSource;
  let model: ReadModel;
  let clock: FixedClock;
  let schedulers: Scheduler[];
  beforeEach(async () => {
    [server, database] = await Promise.all([tempStore(), freshDatabase()]);
    store = EventStore.connect(server.url);
    dataSource = await createDataSource({ url: database.url, service: 'notes', migrations: [CreateDue] });
    model = new ReadModel({ store, dataSource, service: 'notes', projections: [dueProjection], deadlineMs: 30_000 });
    await model.start();
    clock = new FixedClock(noon);
    schedulers = [];
  });
  afterEach(async () => {
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
    await model.stop();
    await dataSource.destroy();
    await store.close();
    await Promise.all([database.close(), server.close()]);
  });

  /** Fires by command; `before` is called with what is due, before the command. */
  async function start(
    before: (due: Due) => unknown = () => undefined,
    at: Clock = clock,
    more: { lookEveryMs?: number } = {},
  ): Promise<Scheduler> {
    const streams = alarms(store);
    const fire = async (due: Due) => {
      await before(due);
      await streams.execute(due.key, ringOf(due), { ...due.context, actor: 'service:test' });
    };
    const schedule = { table: 'notes.due', projection: 'notes.due.v1', fire };
    const scheduler = new Scheduler({ dataSource, service: 'notes', schedule, clock: at, readModel: model, ...more });
    schedulers.push(scheduler);
    await scheduler.start();
    return scheduler;
  }
  const set = async (dueAt: string, id: string = randomUUID()) => {
    const { position } = await alarms(store).execute(id, { type: 'Set', dueAt }, context());
    await model.waitForPosition(position);
    return id;
  };
  const rings = async (id: string) =>
    (await store.read('alarm', id)).flatMap(({ event }) =>
      event.type === 'alarm.rang' ? [event.data as { number: number; epoch: number }] : [],
    );
  const rang = (id: string, times = 1) => until(async () => (await rings(id)).length >= times, { what: `${id} rang` });
  const rows = async () => Number((await dataSource.query<[{ n: string }]>('select count(*) n from notes.due'))[0].n);

  it('fires nothing before its time, and at its time once', async () => {
    const id = await set(plusMs(noon, 60_000));
    const sooner = await set(plusMs(noon, 1));
    await start();
    clock.moveTo(plusMs(noon, 59_999));
    await rang(sooner);
    expect(await rings(id)).toEqual([]);
    clock.moveTo(plusMs(noon, 60_000));
    await rang(id);
    await until(async () => (await rows()) === 0, { what: 'the table is empty' });
    expect(await rings(id)).toHaveLength(1);
  });

  it('notices at once what becomes due while it waits for something later', async () => {
    await set(plusMs(noon, 3_600_000));
    // It would not look by itself before the test is over.
    await start(undefined, clock, { lookEveryMs: 3_600_000 });
    for (let n = 0; n < 5; n += 1) await rang(await set(noon));
  });

  it('catches up with what was missed while nobody was there, each once, and its number', async () => {
    const missed = await Promise.all(Array.from({ length: 50 }, (_, n) => set(plusMs(noon, n))));
    clock.moveTo(plusMs(noon, 86_400_000));
    await start();
    for (const id of missed) await rang(id);
    await set(plusMs(noon, 86_400_001), missed[0]);
    clock.moveTo(plusMs(noon, 86_400_001));
    await rang(missed[0]!, 2);
    expect((await rings(missed[0]!)).map(({ number }) => number)).toEqual([1, 2]);
    for (const id of missed.slice(1)) expect(await rings(id)).toHaveLength(1);
  });

  it('fires nothing a second time when the clock is set back, and what is later in its time', async () => {
    const id = await set(noon);
    await start();
    await rang(id);
    clock.moveTo(plusMs(noon, -3_600_000));
    const later = await set(plusMs(noon, -1_000));
    const now = await set(plusMs(noon, -3_600_000));
    await rang(now);
    expect([await rings(id), await rings(later)]).toMatchObject([[{ number: 1 }], []]);
    clock.moveTo(plusMs(noon, 3_600_000)); // and forth again
    await rang(later);
    expect(await rings(id)).toHaveLength(1);
  });

  it('has one leader, whose epoch stands in what it fires; a stalled one that wakes up fires nothing', async () => {
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const id = await set(noon);
    const stalledOn: Due[] = [];
    const first = await start((due) => (stalledOn.push(due), asleep));
    await until(() => stalledOn.length === 1, { what: 'the first leader stands still before its command' });
    const second = await start();
    expect(second.counts.leader).toBe(false);
    expect(await rings(id)).toEqual([]);
    // It renews nothing while it stands still, so its lease runs out.
    await dataSource.query(`update notes.leases set expires_at = clock_timestamp() - interval '1 s'`);
    await rang(id);
    wake();
    const next = await set(noon);
    await rang(next);
    const { epoch } = (await rings(id))[0]!;
    expect(epoch).toBeGreaterThan(stalledOn[0]!.epoch);
    expect(await rings(id)).toHaveLength(1);
    await until(() => [first, second].filter(({ counts }) => counts.leader).length === 1, { what: 'one leader' });
  });

  it('fires nothing before its time by any replica’s clock, ten times as fast and two minutes apart, and nothing twice', async () => {
    const begunMs = performance.now();
    const fast = (aheadMs: number): Clock => ({
      now: () => plusMs(noon, aheadMs + (performance.now() - begunMs) * 10),
    });
    const slow = fast(0);
    const early: Due[] = [];
    const watch = (due: Due) => void (slow.now() < due.dueAt && early.push(due));
    // Far apart: each knows the other's time as it was up to 2.5 s ago, which here is 25 s and more.
    const ahead = await start(watch, fast(120_000));
    await until(() => ahead.counts.leader, { what: 'the one that is ahead leads' });
    const behind = await start(watch, slow);
    await until(() => ahead.counts.aheadMs > 0, { what: 'it knows that it is ahead' });
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => set(plusMs(slow.now(), 1_000 * (n + 1)))));
    for (const id of ids) await rang(id);
    await until(async () => (await rows()) === 0, { what: 'the table is empty' });
    for (const id of ids) expect(await rings(id)).toHaveLength(1);
    expect(early).toEqual([]);
    expect(behind.counts.aheadMs).toBe(0);
  });

  it('is taken over at once from one that stops', async () => {
    const first = await start();
    await until(() => first.counts.leader, { what: 'the first leads' });
    const second = await start();
    await first.stop();
    await until(() => second.counts.leader, { what: 'the second leads' });
    await rang(await set(noon));
  });

  it('goes on with the others when one cannot be fired, and tries that one again', async () => {
    const bad = await set(noon);
    let tries = 0;
    await start(({ key }) => {
      if (key === bad && (tries += 1) < 3) throw new Error('not now');
    });
    const others = await Promise.all(Array.from({ length: 30 }, () => set(noon)));
    for (const id of others) await rang(id);
    await rang(bad);
    expect(tries).toBe(3);
  });

  it('does not keep back what has just become due behind a crowd that was due at one second', async () => {
    const crowd = 100_000;
    await model.stop();
    await dataSource.query(
      `insert into notes.due select 'crowd-' || n, $1, 'ring', '{}', gen_random_uuid(), 'r', 'c' from generate_series(1, ${crowd}) n`,
      [noon],
    );
    await dataSource.query(`insert into notes.due values ('fresh', $1, 'ring', '{}', gen_random_uuid(), 'r', 'c')`, [
      plusMs(noon, 1_000),
    ]);
    const fired: string[] = [];
    const schedule = {
      table: 'notes.due',
      projection: 'notes.due.v1',
      fire: async ({ key }: Due) => {
        fired.push(key);
        await dataSource.query('delete from notes.due where due_key = $1', [key]);
      },
    };
    const scheduler = new Scheduler({ dataSource, service: 'notes', schedule, clock });
    schedulers.push(scheduler);
    await scheduler.start();
    await until(() => fired.length >= 60, { what: 'the crowd is being fired' });
    clock.moveTo(plusMs(noon, 2_000));
    const before = fired.length;
    await until(() => fired.includes('fresh'), { what: 'the fresh one is fired' });
    expect(fired.indexOf('fresh') - before).toBeLessThan(200);
    expect(new Set(fired).size).toBe(fired.length);
  });
});
