import { complaintsSubjects, StandingView } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others, strangeIds } from '../testing/complaints-world.fixture';

describe('reinstating an owner', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const reinstate = (appId: unknown, caller: Caller = operator(), more: object = {}) =>
    world.ask<StandingView>(complaintsSubjects.reinstate, { appId, note: 'made good', ...more }, { caller });

  it('lifts a suspension, and gives back the points that keep it lifted', async () => {
    const app = await world.app();
    for (let count = 0; count < 3; count += 1) await world.upheld(app);
    const { body } = await reinstate(app.appId);
    expect(body).toMatchObject({ points: 7, status: 'good' });
    expect(body.history[0]).toMatchObject({ event: 'standing.reinstated', left: 7 });
    expect(body).not.toHaveProperty('until');
    const before = await world.types('standing', app.ownerId);
    expect((await reinstate(app.appId)).body).toEqual(body);
    expect(await world.types('standing', app.ownerId)).toEqual(before);
    expect(await world.upheld(app, 'minor')).toMatchObject({ points: 6, status: 'throttled' });
  });

  it('gives as many points as the operator names, and shows what they restrict', async () => {
    const app = await world.app();
    for (let count = 0; count < 3; count += 1) await world.upheld(app);
    expect((await reinstate(app.appId, operator(), { points: 5 })).body).toMatchObject({
      points: 5,
      status: 'throttled',
    });
    expect((await reinstate(app.appId, operator(), { points: 12 })).body).toMatchObject({ points: 12, status: 'good' });
    for (const points of [0, 13, 1.5, '7', null])
      expect(await refusal(reinstate(app.appId, operator(), { points }))).toBe('request.invalid');
  });

  it('is not for whoever complained', async () => {
    const complainant = operator();
    const app = await world.app();
    const { body } = await world.complain(complainant.userId!, await world.filed(app, complainant.userId!));
    await world.uphold(body.id, 'severe');
    expect(await refusal(reinstate(app.appId, complainant))).toBe('ops.own-matter');
  });

  it('lifts a ban, proposed or in force', async () => {
    const app = await world.app();
    for (let count = 0; count < 2; count += 1) await world.upheld(app, 'severe');
    expect((await reinstate(app.appId)).body.status).toBe('good');
    await world.upheld(app, 'severe');
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
