import { complaintsSubjects, StandingView } from '@hark/contracts';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others, strangeIds } from '../testing/complaints-world.fixture';

describe('rejecting a ban', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const reject = (appId: unknown, caller = operator()) =>
    world.ask<StandingView>(complaintsSubjects.rejectBan, { appId, note: 'too hard' }, { caller });
  const proposed = async () => {
    const app = await world.app();
    for (let count = 0; count < 2; count += 1) await world.upheld(app, 'severe');
    return app;
  };

  it('takes the proposal off, once, and leaves the points', async () => {
    const app = await proposed();
    expect((await reject(app.appId)).body).toMatchObject({ status: 'throttled', points: 0 });
    expect((await reject(app.appId)).body).toMatchObject({ status: 'throttled', points: 0 });
    expect((await world.types('standing', app.ownerId)).filter((type) => type === 'ban-rejected')).toHaveLength(1);
  });

  it('needs a ban that waits, an operator, and one who is not the owner', async () => {
    const app = await proposed();
    for (const caller of others) expect(await refusal(reject(app.appId, caller))).toMatch(/^(session|role)\.required$/);
    expect(await refusal(reject(app.appId, operator(app.ownerId)))).toBe('complaint.own-app');
    for (const strange of strangeIds) expect(await refusal(reject(strange))).toBe('app.unknown');
    await world.ask(complaintsSubjects.confirmBan, { appId: app.appId });
    expect(await refusal(reject(app.appId))).toBe('standing.nothing-proposed');
  });
});
