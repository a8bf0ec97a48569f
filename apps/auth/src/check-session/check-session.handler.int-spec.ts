import { authSubjects, RolesView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { Caller } from '@hark/nats';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('whether an issued access token still counts', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('does while its session lives', async () => {
    const ann = await auth.somebody('ann');
    expect(await auth.check(ann.session)).toBe('live');
    expect(await auth.check({ ...ann.session, user: { id: uuid7(), roles: [] } })).toBe('session.invalid');
  });

  it('does not once its family ended by a spent refresh token', async () => {
    const cat = await auth.somebody('cat');
    const { refreshToken } = cat.session;
    await auth.ask(authSubjects.refresh, { refreshToken });
    auth.passTime(10_001);
    expect(await auth.refusal(authSubjects.refresh, { refreshToken })).toBe('session.reused');
    expect(await auth.check(cat.session)).toBe('session.reused');
  });

  it('has to be refreshed once the roles of its person changed', async () => {
    const dan = await auth.somebody('dan');
    const admin: Caller = { kind: 'user', userId: uuid7(), roles: ['user', 'admin'] };
    const asked = { userId: dan.id, role: 'operator' };
    const { body } = await auth.ask<RolesView>(authSubjects.grantRole, asked, { caller: admin });
    expect(body).toEqual({ id: dan.id, roles: ['user', 'operator'] });
    expect(await auth.check(dan.session)).toBe('session.expired');
    const operator = await auth.refreshed(dan.session);
    expect([operator.user.roles, await auth.check(operator)]).toEqual([['user', 'operator'], 'live']);
    await auth.ask(authSubjects.revokeRole, asked, { caller: admin });
    expect(await auth.check(operator)).toBe('session.expired');
    expect((await auth.refreshed(operator)).user.roles).toEqual(['user']);
  });

  it('is told to services only', async () => {
    const eve = await auth.somebody('eve');
    const asked = { sessionId: uuid7(), userId: eve.id, rolesVersion: 0 };
    expect(await eve.refusal(authSubjects.checkSession, asked)).toBe('session.required');
    expect(await auth.refusal(authSubjects.checkSession, asked)).toBe('session.required');
  });
});
