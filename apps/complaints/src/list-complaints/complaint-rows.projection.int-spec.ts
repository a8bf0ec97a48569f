import { complaintsSubjects } from '@hark/contracts';
import { until } from '@hark/testing';
import { ComplaintsWorld } from '../testing/complaints-world.fixture';

it('the table of complaints is the same when it is built anew, holds no words, and goes on after a restart', async () => {
  const world = await ComplaintsWorld.start();
  try {
    const rows = () => world.harness.sql<{ status: string }>('select * from complaints.complaints order by 1');
    const rebuild = async () =>
      (
        await world.ask<{ tables: object[] }>(
          'complaints.rebuild-read-models',
          {},
          { caller: admin, timeoutMs: 20_000 },
        )
      ).body.tables;
    const admin = { kind: 'service', service: 'test', roles: [] } as const;
    const decided = (count: number) => async () =>
      (await rows()).filter(({ status }) => status !== 'open').length === count;

    const app = await world.app();
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await world.complaint(app, { note: 'canary' }));
    await world.uphold(ids[0], 'minor');
    await world.ask(complaintsSubjects.dismiss, { complaintId: ids[1], note: 'canary' });
    await until(decided(2), { what: 'two are decided' });
    const before = await rows();
    expect(before).toHaveLength(8);
    expect(JSON.stringify(before)).not.toContain('canary');

    expect(await rebuild()).toMatchObject([{ table: 'complaints.complaints', rows: 8, equal: true }, { equal: true }]);
    expect(await rows()).toEqual(before);
    await world.harness.restart();
    await world.uphold(ids[2], 'minor');
    await until(decided(3), { what: 'three are decided' });
    expect(await rebuild()).toMatchObject([{ rows: 8, equal: true }, { equal: true }]);
  } finally {
    await world.close();
  }
});
