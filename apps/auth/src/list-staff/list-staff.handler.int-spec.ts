import { authSubjects, Page, StaffView } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('who is operator or admin', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start({ HARK_ADMINS: 'wechat:chief' });
  });
  afterAll(() => auth.close());

  it('is listed for admins: who has which role, from whom, since when', async () => {
    const [chief, ann, ben] = [await auth.somebody('chief'), await auth.somebody('ann'), await auth.somebody('ben')];
    const by = `user:${chief.id}`;
    await chief.ask(authSubjects.grantRole, { userId: ben.id, role: 'operator' });
    await chief.ask(authSubjects.revokeRole, { userId: ben.id, role: 'operator' });
    const { position } = await chief.ask(authSubjects.grantRole, { userId: ann.id, role: 'operator' });
    const list = async (asked: object = {}) =>
      (await chief.ask<Page<StaffView>>(authSubjects.listStaff, asked, { position: position! })).body.items;
    expect(await list()).toEqual([
      {
        id: ann.id,
        roles: ['user', 'operator'],
        grants: [{ role: 'operator', by, at: expect.any(String) as string }],
        secondFactor: false,
      },
      expect.objectContaining({ id: chief.id, roles: ['user', 'operator', 'admin'] }),
    ]);
    expect((await list({ role: 'admin' })).map(({ id }) => id)).toEqual([chief.id]);
    expect(await ann.refusal(authSubjects.listStaff)).toBe('role.required');
    expect(await chief.refusal(authSubjects.listStaff, { role: 'user' })).toBe('request.invalid');
  });
});
