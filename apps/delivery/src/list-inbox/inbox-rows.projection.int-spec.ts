import { until } from '@hark/testing';
import { DeliveryWorld } from '../testing/delivery-world.fixture';

describe('the tables of the inbox', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const table = (name: string) => world.harness.sql(`select * from delivery.${name} order by 1`);
  const rebuild = async () => {
    const { body } = await world.harness.requests.request<{ tables: object[] }>(
      'delivery.rebuild-read-models',
      {},
      { timeoutMs: 20_000 },
    );
    return body.tables;
  };

  it('are the same when they are built anew, hold no words, and go on after a restart', async () => {
    const app = await world.app();
    const to = await world.recipient({ app });
    const refused = await world.recipient({ app, level: 'none' });
    const pushes = await Promise.all(
      Array.from({ length: 10 }, () => world.push(to, { title: 'canary', body: 'canary' })),
    );
    pushes.push(await world.push(refused));
    const throttled = await world.recipient({ app });
    world.phone(throttled, 'throttled');
    await world.deferred(await world.push(throttled, { title: 'canary', body: 'canary' }));
    for (const pushId of pushes) await world.finished(pushId);
    await world.mark('read', to.personId, pushes[3]);
    const read = 'select 1 from delivery.inbox where read_at is not null';
    await until(async () => (await world.harness.sql(read)).length, { what: 'one is read' });
    await until(async () => (await table('inbox')).length === 11, { what: 'the messages are in the inbox' });
    const before = await table('inbox');
    expect(JSON.stringify(before)).not.toContain('canary');

    const equal = [
      { table: 'delivery.inbox', rows: 11, equal: true },
      { table: 'delivery.app_names', rows: 1, equal: true },
      { table: 'delivery.binding_names', rows: 0, equal: true },
      { table: 'delivery.retention', rows: 0, equal: true },
      { table: 'delivery.due', rows: 1, equal: true },
      { table: 'delivery.collapses', equal: true },
      { table: 'delivery.digests', equal: true },
    ];
    expect(await rebuild()).toMatchObject(equal);
    expect(await table('inbox')).toEqual(before);
    await world.harness.restart();
    await world.app();
    await until(async () => (await table('app_names')).length === 2, { what: 'the second app has its name' });
    expect(await table('inbox')).toEqual(before);
    expect(await rebuild()).toMatchObject(equal.with(1, { ...equal[1]!, rows: 2 }));
  });

  it('begin while pushes are delivered, without losing or doubling one', async () => {
    const to = await world.recipient();
    const pushing = Promise.all(Array.from({ length: 30 }, () => world.push(to)));
    await rebuild();
    const pushes = await pushing;
    const mine = () =>
      world.harness.sql<{ item_id: string }>(
        'select item_id from delivery.inbox where person_id = $1 and filed_at is not null',
        [to.personId],
      );
    await until(async () => (await mine()).length >= 30, { what: 'thirty messages are in the inbox' });
    expect((await mine()).map(({ item_id }) => item_id).sort()).toEqual([...pushes].sort());
    for (const pushId of pushes) await world.finished(pushId);
    expect(await rebuild()).toMatchObject(Array(7).fill({ equal: true }));
  });
});
