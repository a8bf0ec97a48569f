import { complaintsSubjects, StandingView } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { operator, refusal, user } from '@hark/testing';
import { ComplaintsWorld, dayMs, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

describe('an app’s standing', () => {
  let world: ComplaintsWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const standing = (appId: unknown, caller: Caller, credential?: string) =>
    world.ask<StandingView>(complaintsSubjects.getStanding, { appId, ...(credential && { credential }) }, { caller });
  const byApp: Caller = { kind: 'app', roles: [] };

  it('is shown to its owner, to the app itself and to operators, alike', async () => {
    await world.upheld(app);
    const { body } = await standing(app.appId, user(app.ownerId));
    expect(body).toMatchObject({ points: 9, status: 'good' });
    expect((await standing(app.appId, byApp, app.secret)).body).toEqual(body);
    expect((await standing(app.appId, operator())).body).toEqual(body);
  });

  it('never says who complained, about what, or who decided', async () => {
    const by = operator();
    const complaintId = await world.complaint(app, { note: 'canary' });
    await world.uphold(complaintId, 'minor', by);
    const [complained] = await world.events('complaint', complaintId);
    const { personId, pushId } = complained!.data as { personId: string; pushId: string };
    const shown = JSON.stringify((await standing(app.appId, user(app.ownerId))).body);
    for (const secret of [personId, pushId, complaintId, by.userId!, 'canary']) expect(shown).not.toContain(secret);
  });

  it('is, for everybody else, that of no app', async () => {
    const other = await world.app();
    const strangers: [Caller, string?][] = [
      [user(other.ownerId)],
      [byApp, other.secret],
      [byApp, `${app.secret.slice(0, -3)}xxx`],
      [byApp, 'has_nonsense'],
      [byApp],
      [{ kind: 'key', roles: [] }, app.secret.replace('has_', 'hk_')],
      [{ kind: 'anonymous', roles: ['operator'] }],
      [{ kind: 'service', service: 'test', roles: [] }],
    ];
    for (const [caller, credential] of strangers) {
      expect(await refusal(standing(app.appId, caller, credential))).toBe('app.unknown');
    }
    for (const strange of strangeIds) expect(await refusal(standing(strange, operator()))).toBe('app.unknown');
    const unowned = await world.app(null);
    expect(await refusal(standing(unowned.appId, user(unowned.appId)))).toBe('app.unknown');
    expect((await standing(unowned.appId, byApp, unowned.secret)).body.points).toBe(12);
  });

  it('ends a suspension by itself after seven days, and stays throttled', async () => {
    const late = await ComplaintsWorld.start();
    try {
      const bad = await late.app();
      for (let count = 0; count < 3; count += 1) await late.upheld(bad);
      const ask = async () => (await late.ask<StandingView>(complaintsSubjects.getStanding, { appId: bad.appId })).body;
      late.passTime(7 * dayMs - 60_000);
      expect((await ask()).status).toBe('suspended');
      late.passTime(120_000);
      expect(await ask()).toMatchObject({ status: 'throttled', points: 3 });
      expect(await ask()).not.toHaveProperty('until');
    } finally {
      await late.close();
    }
  });
});
