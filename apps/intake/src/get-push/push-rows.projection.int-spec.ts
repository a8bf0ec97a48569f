import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { IntakeWorld } from '../testing/intake-world.fixture';
import { PushEvents } from '../testing/push-events.fixture';

describe('the rows of pushes', () => {
  let world: IntakeWorld;
  beforeAll(async () => {
    world = await IntakeWorld.start();
  });
  afterAll(() => world.close());

  const life = new PushEvents('2026-11-22T09:00:01.000Z');
  const rows = () => world.harness.sql('select * from intake.pushes order by push_id');
  const rebuild = () =>
    world.harness.requests.request<{ tables: object[] }>('intake.rebuild-read-models', {}, { timeoutMs: 20_000 });

  it('are the same when they are built anew, hold no text, and go on after a restart', async () => {
    const bound = await world.bind(await world.app());
    const canary = `canary-${uuid7()}`;
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      ids.push((await world.push({ credential: bound.key, title: canary, body: canary })).body.id);
    }
    await world.append('moderation', ids[0]!, life.judged('moderation.blocked', 'fraud'));
    await world.append('moderation', ids[1]!, life.passed);
    const attempt = uuid7();
    const finished = [life.sent(attempt), life.finished('delivered')];
    await world.append(
      'delivery',
      ids[1]!,
      life.decided('deliver'),
      life.filed(),
      life.attempted(attempt),
      ...finished,
    );
    await world.append('moderation', uuid7(), life.passed); // about a push that nobody knows
    const delivered = "select 1 from intake.pushes where push_id = $1 and status = 'delivered'";
    await until(async () => (await world.harness.sql(delivered, [ids[1]])).length, { what: 'the push is delivered' });
    const before = await rows();
    expect(before).toHaveLength(12);
    expect(JSON.stringify(before)).not.toContain(canary);

    const openids = { projection: 'intake.openids.v1', rows: 1, equal: true };
    const due = { projection: 'intake.due.v1', equal: true };
    const equal = { projection: 'intake.pushes.v2', table: 'intake.pushes', rows: 12, equal: true };
    expect((await rebuild()).body.tables).toMatchObject([equal, openids, due]);
    expect(await rows()).toEqual(before);
    await world.harness.restart();
    expect(await rows()).toEqual(before);
    const { position } = await world.push({ credential: bound.key, body: 'x' });
    await world.get({ credential: bound.key, pushId: ids[0]! }, { position: position! });
    expect(await rows()).toHaveLength(13);
    expect((await rebuild()).body.tables).toMatchObject([{ ...equal, rows: 13 }, openids, due]);
  });
});
