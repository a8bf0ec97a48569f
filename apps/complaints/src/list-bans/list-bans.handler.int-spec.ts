import { CaseCount, complaintsSubjects, Page, ProposedBan } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, dayMs, others } from '../testing/complaints-world.fixture';

describe('bans that wait for a second operator', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const list = async (query: object = {}, meta: RpcOptions = {}) =>
    (await world.ask<Page<ProposedBan>>(complaintsSubjects.listBans, query, meta)).body;
  /** An app that the ladder wants banned; answers it, and where the log stands. */
  const proposed = async (by = operator()) => {
    const app = await world.app();
    for (let count = 0; count < 2; count += 1) await world.upheld(app, 'severe', by);
    return app;
  };
  const waiting = (appIds: readonly string[]) =>
    world.shown(async () => (await list()).items.map(({ appId }) => appId), appIds);

  it('say who proposed which, what for and until when, newest first', async () => {
    const by = operator();
    const [first, second] = [await proposed(by), await proposed()];
    await waiting([second.appId, first.appId]);
    const { items, nextCursor } = await list();
    expect(nextCursor).toBeNull();
    expect(items[1]).toMatchObject({
      appId: first.appId,
      appName: 'x',
      ownerId: first.ownerId,
      points: 0,
      proposedBy: by.userId,
      severity: 'severe',
    });
    const counted = async (meta: RpcOptions = {}) =>
      (await world.ask<CaseCount>(complaintsSubjects.countCases, {}, meta)).body;
    await world.shown(counted, { complaints: 0, appeals: 0, bans: 2 });
    for (const caller of others) expect(await refusal(counted({ caller }))).toMatch(/^(session|role)\.required$/);
    const [, later] = await world.penalties(first.ownerId);
    expect(items[1]!.complaintId).toBe(later!.complaintId);
    expect(Date.parse(items[1]!.until) - Date.parse(items[1]!.proposedAt)).toBe(7 * dayMs);
    const half = await list({ limit: 1 });
    expect(half.items).toEqual([items[0]]);
    expect((await list({ limit: 1, cursor: half.nextCursor! })).items).toEqual([items[1]]);

    await world.ask(complaintsSubjects.rejectBan, { appId: first.appId });
    await world.ask(complaintsSubjects.confirmBan, { appId: second.appId });
    await waiting([]);
  });

  it('are for operators', async () => {
    for (const caller of others) expect(await refusal(list({}, { caller }))).toMatch(/^(session|role)\.required$/);
    for (const wrong of [{ limit: 0 }, { cursor: 'x' }, { more: 1 }])
      expect(await refusal(list(wrong))).toBe('request.invalid');
  });

  it('are the same built anew from the log, and lapse after seven days', async () => {
    const app = await proposed();
    const items = await world.shown(
      async () => (await list()).items.map(({ appId }) => appId).includes(app.appId),
      true,
    );
    expect(items).toBe(true);
    const caller = { kind: 'service', service: 'test', roles: [] } as const;
    const { body } = await world.ask<{ tables: object[] }>(
      'complaints.rebuild-read-models',
      {},
      { caller, timeoutMs: 20_000 },
    );
    expect(body.tables).toEqual(
      expect.arrayContaining([expect.objectContaining({ table: 'complaints.bans', equal: true })]),
    );
    world.passTime(7 * dayMs);
    expect((await list()).items).toEqual([]);
  });
});
