import { complaintsSubjects, StandingView } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { ComplaintsWorld, operator, others, refusal, strangeIds } from '../testing/complaints-world-spec';

describe('reinstating an owner', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const reinstate = (appId: unknown, caller: Caller = operator()) =>
    world.ask<StandingView>(complaintsSubjects.reinstate, { appId, note: 'made good' }, { caller });

  it('lifts a suspension, and gives no points back', async () => {
    const app = await world.app();
    for (let count = 0; count < 3; count += 1) await world.upheld(app);
    const { body } = await reinstate(app.appId);
    expect(body).toMatchObject({ points: 3, status: 'good' });
    expect(body).not.toHaveProperty('until');
    const before = await world.types('standing', app.ownerId);
    expect((await reinstate(app.appId)).body).toEqual(body);
    expect(await world.types('standing', app.ownerId)).toEqual(before);
    expect(await world.upheld(app, 'minor')).toMatchObject({ points: 2, status: 'suspended' });
  });

  it('lifts a ban, proposed or in force', async () => {
    const app = await world.app();
    for (let count = 0; count < 2; count += 1) await world.upheld(app, 'severe');
    expect((await reinstate(app.appId)).body.status).toBe('good');
    await world.upheld(app, 'minor');
    await world.ask(complaintsSubjects.confirmBan, { appId: app.appId });
    expect((await reinstate(app.appId)).body.status).toBe('good');
  });

  it('is for operators, and not for the owner', async () => {
    const owner = operator();
    const app = await world.app(owner.userId);
    for (let count = 0; count < 3; count += 1) await world.upheld(app);
    expect(await refusal(reinstate(app.appId, owner))).toBe('complaint.own-app');
    for (const caller of others)
      expect(await refusal(reinstate(app.appId, caller))).toMatch(/^(session|role)\.required$/);
    for (const strange of strangeIds) expect(await refusal(reinstate(strange))).toBe('app.unknown');
  });
});
