import { ComplaintCase, complaintsSubjects } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

describe('one complaint, for an operator', () => {
  let world: ComplaintsWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const get = (complaintId: unknown, meta: RpcOptions = {}) =>
    world.ask<ComplaintCase>(complaintsSubjects.getComplaint, { complaintId }, meta);

  it('shows the push as evidence and what was said, never who said it', async () => {
    const ann = uuid7();
    const text = { title: '中奖', body: '点此领奖', url: 'https://x.example/', tags: ['t'] };
    const pushId = await world.filed(app, ann, text);
    const { body: made } = await world.complain(ann, pushId, { reason: 'fraud', note: '骗子' });
    const { body } = await get(made.id);
    expect(body).toEqual({
      ...made,
      appId: app.appId,
      appName: 'x',
      outcomes: [
        { severity: 'minor', points: 11, status: 'good' },
        { severity: 'major', points: 9, status: 'good' },
        { severity: 'severe', points: 6, status: 'throttled' },
      ],
      history: [{ event: 'complaint.complained', at: made.complainedAt }],
      ownerId: app.ownerId,
      costsPoints: true,
      note: '骗子',
      evidence: { ...text, pushedAt: expect.stringMatching(/Z$/) as string },
    });
    expect(JSON.stringify(body)).not.toContain(ann);
  });

  it('is never behind: it shows a decision as soon as it is made', async () => {
    const id = await world.complaint(app);
    await world.uphold(id, 'minor');
    expect((await get(id)).body).toMatchObject({ status: 'upheld', severity: 'minor' });
  });

  it('tells who decided it, when and why', async () => {
    const id = await world.complaint(app);
    const by = operator();
    await world.ask(complaintsSubjects.dismiss, { complaintId: id, note: 'a mistake' }, { caller: by });
    const { history } = (await get(id)).body;
    expect(history.map(({ event }) => event)).toEqual(['complaint.complained', 'complaint.dismissed']);
    expect(history[1]).toMatchObject({ by: by.userId, note: 'a mistake' });
  });

  it('is not shown without a record of who looked', async () => {
    const id = await world.complaint(app);
    const by = operator();
    await get(id, { caller: by });
    await get(id, { caller: by });
    const looks = await world.looks(by.userId!);
    expect(looks).toMatchObject([{ complaintIds: [id] }, { complaintIds: [id] }]);
    await refusal(get(id, { caller: others[0]! }));
    await refusal(get(uuid7(), { caller: by }));
    expect(await world.looks(by.userId!)).toHaveLength(2);
  });

  it('has neither evidence nor note once the person is erased', async () => {
    const ann = uuid7();
    const { body: made } = await world.complain(ann, await world.filed(app, ann), { note: 'x' });
    await world.vault.erase(ann);
    await world.harness.restart(); // a key that was in use is remembered for a minute
    const { body } = await get(made.id);
    expect(body).toMatchObject({ id: made.id, status: 'open' });
    expect(body).not.toHaveProperty('evidence');
    expect(body).not.toHaveProperty('note');
  });

  it('is for operators, and unknown where there is none', async () => {
    const id = await world.complaint(app);
    for (const caller of others) expect(await refusal(get(id, { caller }))).toMatch(/^(session|role)\.required$/);
    for (const strange of strangeIds) expect(await refusal(get(strange))).toBe('complaint.unknown');
  });
});
