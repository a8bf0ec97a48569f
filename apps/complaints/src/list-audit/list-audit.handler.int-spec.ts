import { AuditView, complaintsSubjects, Page } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others } from '../testing/complaints-world.fixture';

describe('the audit of what happened', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const list = async (asked: object = {}) =>
    (await world.ask<Page<AuditView>>(complaintsSubjects.listAudit, asked)).body;
  const types = (page: Page<AuditView>) => page.items.map(({ type }) => type);

  it('shows the events of a stream, of an actor and since a time, latest first', async () => {
    const by = operator();
    const app = await world.app();
    const complaintId = await world.complaint(app, { note: 'Marker-of-a-note' });
    await world.uphold(complaintId, 'minor', by);
    const actor = `user:${by.userId}`;
    const ofStream = await list({ stream: `complaint-${complaintId}` });
    expect(types(ofStream)).toEqual(['complaint.upheld', 'complaint.complained']);
    expect(ofStream).toMatchObject({ items: [{ actor, data: { severity: 'minor' } }, {}], nextCursor: null });
    expect(types(await list({ stream: `complaint-${complaintId}`, actor }))).toEqual(['complaint.upheld']);
    const inOrder = await list({ stream: `complaint-${complaintId}`, order: 'oldest', limit: 1 });
    expect(types(inOrder)).toEqual(['complaint.complained']);
    const rest = await list({ stream: `complaint-${complaintId}`, order: 'oldest', cursor: inOrder.nextCursor });
    expect([types(rest), rest.nextCursor]).toEqual([['complaint.upheld'], null]);
    expect(types(await list({ stream: `complaint-${complaintId}`, type: 'complaint.upheld' }))).toEqual([
      'complaint.upheld',
    ]);
    expect(types(await list({ actor }))).toEqual(expect.arrayContaining(['complaint.upheld']));
    expect(new Set((await list({ actor })).items.map((item) => item.actor))).toEqual(new Set([actor]));
    const [latest] = (await list({ limit: 1 })).items;
    expect((await list({ since: latest!.at })).items.map(({ id }) => id)).toContain(latest!.id);
    const { correlation } = ofStream.items[0]!;
    expect(types(await list({ stream: `complaint-${complaintId}`, correlation }))).toEqual(['complaint.upheld']);
    const [, look] = (await list({ limit: 2 })).items;
    expect(look).toMatchObject({ type: 'audit_look.taken', data: { correlation } });
    expect(await list({ since: '2099-01-01T00:00:00Z' })).toEqual({ items: [], nextCursor: null });
    expect(JSON.stringify(await list({ limit: 200 }))).not.toMatch(/Marker-of-a-note|"v1\./);
  });

  it('is read page by page to the beginning, each event once', async () => {
    const paged: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < 100; pages++) {
      const page: Page<AuditView> = await list({ limit: 3, ...(cursor !== null && { cursor }) });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    // Reactions may have appended meanwhile.
    const all = (await list({ limit: 200 })).items.map(({ id }) => id);
    expect(paged.length).toBeGreaterThan(5);
    expect(all.slice(-paged.length)).toEqual(paged);
  });

  it('is for operators, of streams that there can be', async () => {
    for (const caller of others) {
      expect(await refusal(world.ask(complaintsSubjects.listAudit, {}, { caller }))).toMatch(/required$/);
    }
    expect(await list({ stream: `app-${uuid7()}` })).toEqual({ items: [], nextCursor: null });
    for (const asked of [
      { stream: '$all' },
      { stream: 'app-x' },
      { actor: 'a b' },
      { since: 'now' },
      { type: 'x' },
      { order: 'oldest' },
      { cursor: 'x' },
    ])
      expect(await refusal(world.ask(complaintsSubjects.listAudit, asked))).toBe('request.invalid');
  });
});
