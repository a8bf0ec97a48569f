import { complaintsSubjects, StandingView } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { operator, refusal } from '@hark/testing';
import { ComplaintsWorld, dayMs, others, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

describe('confirming a ban', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const confirm = (appId: unknown, caller: Caller = operator(), more: object = {}) =>
    world.ask<StandingView>(complaintsSubjects.confirmBan, { appId, ...more }, { caller });
  /** An app whose ban the ladder proposed, upheld by the operator. */
  const proposed = async (by: Caller, app?: RegisteredApp) => {
    const bad = app ?? (await world.app());
    for (let count = 0; count < 2; count += 1) await world.upheld(bad, 'severe', by);
    return bad;
  };

  it('takes a second operator', async () => {
    const [first, second] = [operator(), operator()];
    const app = await proposed(first);
    expect(await refusal(confirm(app.appId, first))).toBe('standing.second-operator');
    const { body, position } = await confirm(app.appId, second, { note: 'seen it' });
    expect(body).toMatchObject({ points: 0, status: 'banned' });
    expect(position).toMatch(/^\d+-standing$/);
    expect((await confirm(app.appId, second)).body).toEqual(body);
    expect((await world.types('standing', app.ownerId)).filter((type) => type === 'banned')).toHaveLength(1);
  });

  it('is not for whoever complained about the app', async () => {
    const complainant = operator();
    const app = await world.app();
    const { body: made } = await world.complain(complainant.userId!, await world.filed(app, complainant.userId!));
    expect(await refusal(world.uphold(made.id, 'severe', complainant))).toBe('ops.own-matter');
    await world.uphold(made.id, 'severe');
    await world.upheld(app, 'severe');
    expect(await refusal(confirm(app.appId, complainant))).toBe('ops.own-matter');
    expect((await confirm(app.appId)).body.status).toBe('banned');
  });

  it('suspends seven days until it is confirmed, and no longer', async () => {
    const app = await proposed(operator());
    const standing = async () =>
      (await world.ask<StandingView>(complaintsSubjects.getStanding, { appId: app.appId })).body;
    const { until } = await standing();
    expect(await standing()).toMatchObject({ status: 'suspended', points: 0 });
    expect(Date.parse(until!) - Date.parse(world.now())).toBeGreaterThan(6 * dayMs);
    expect(Date.parse(until!) - Date.parse(world.now())).toBeLessThanOrEqual(7 * dayMs);
    world.passTime(7 * dayMs);
    expect(await standing()).toMatchObject({ status: 'throttled', points: 0 });
    expect(await refusal(confirm(app.appId))).toBe('standing.proposal-lapsed');
  });

  it('of ten at once is one', async () => {
    const app = await proposed(operator());
    const all = await Promise.all(Array.from({ length: 10 }, () => confirm(app.appId)));
    expect(new Set(all.map(({ body }) => body.status))).toEqual(new Set(['banned']));
    expect((await world.types('standing', app.ownerId)).filter((type) => type === 'banned')).toHaveLength(1);
  });

  it('holds for the next app of that owner too', async () => {
    const app = await proposed(operator());
    await confirm(app.appId);
    const next = await world.app(app.ownerId);
    const { body } = await world.ask<StandingView>(complaintsSubjects.getStanding, { appId: next.appId });
    expect(body).toMatchObject({ points: 0, status: 'banned' });
  });

  it('needs a ban that was proposed, an operator, and one who is not the owner', async () => {
    const app = await world.app();
    expect(await refusal(confirm(app.appId))).toBe('standing.nothing-proposed');
    for (const caller of others)
      expect(await refusal(confirm(app.appId, caller))).toMatch(/^(session|role)\.required$/);
    for (const strange of strangeIds) expect(await refusal(confirm(strange))).toBe('app.unknown');
    const owner = operator();
    const own = await proposed(operator(), await world.app(owner.userId));
    expect(await refusal(confirm(own.appId, owner))).toBe('complaint.own-app');
  });
});
