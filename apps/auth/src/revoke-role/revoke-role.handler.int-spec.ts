import { authSubjects, RolesView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('taking a role', () => {
  let auth: AuthWorld;
  let chief: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start({ HARK_ADMINS: 'wechat:chief' });
    [chief, ben] = [await auth.somebody('chief'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('is done once, by any admin', async () => {
    const asked = { userId: ben.id, role: 'operator' };
    await chief.ask(authSubjects.grantRole, asked);
    const { body } = await chief.ask<RolesView>(authSubjects.revokeRole, asked);
    expect(body).toEqual({ id: ben.id, roles: ['user'] });
    expect((await chief.ask(authSubjects.revokeRole, asked)).body).toEqual(body);
    expect(await auth.types('user', ben.id)).toEqual(['registered', 'role-granted', 'role-revoked']);
  });

  it('is for admins, of others, who exist, and not against the setting', async () => {
    const asked = { userId: ben.id, role: 'admin' };
    const refusal = (who: Somebody, change: object) => who.refusal(authSubjects.revokeRole, { ...asked, ...change });
    expect(await refusal(ben, { userId: chief.id })).toBe('role.required');
    expect(await refusal(chief, { userId: chief.id })).toBe('role.own');
    expect(await refusal(chief, { userId: uuid7() })).toBe('user.unknown');
    expect(await refusal(chief, { userId: 'x' })).toBe('user.unknown');
    expect(await refusal(chief, { role: 'user' })).toBe('request.invalid');
    const admin = { caller: { kind: 'user' as const, userId: ben.id, roles: ['user', 'admin'] } };
    const back = { userId: chief.id, role: 'admin' };
    expect(await auth.refusal(authSubjects.revokeRole, back, admin)).toBe('role.set-by-configuration');
  });
});
