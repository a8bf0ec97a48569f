import { authSubjects, EndpointView, FoundUsers, Page, StaffView, UserLookEvent } from '@hark/contracts';
import { until } from '@hark/testing';
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

  it('is found by an openid or an address that somebody proved, exactly, and each look is recorded', async () => {
    const [chief, cleo] = [await auth.somebody('chief'), await auth.somebody('cleo-of-wechat')];
    const address = 'Cleo@Mail.example';
    const { id: endpointId } = (await cleo.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'email', address }))
      .body;
    const find = async (asked: object) => (await chief.ask<FoundUsers>(authSubjects.findUser, asked)).body.items;
    expect(await find({ email: address })).toEqual([]);
    const mail = await until(() => auth.mailsTo(address)[0], { what: 'the code' });
    const code = /\d{6}/.exec(mail.text)![0];
    await cleo.ask(authSubjects.verifyEndpoint, { endpointId, code });
    const found = { id: cleo.id, roles: ['user'] };
    await until(async () => (await find({ email: 'cleo@mail.example' })).length === 1, {
      what: 'the address is known',
    });
    expect(await find({ email: address })).toEqual([{ ...found, by: 'C•••@M•••' }]);
    expect(await find({ openid: 'cleo-of-wechat' })).toEqual([{ ...found, by: 'cl•••' }]);
    for (const other of [{ openid: 'cleo-of-wecha' }, { email: 'leo@mail.example' }, { email: 'no address' }])
      expect(await find(other)).toEqual([]);
    const looks = await auth.dataOfAll<UserLookEvent['data']>('user_look');
    expect(looks).toContainEqual({
      adminId: chief.id,
      by: 'openid',
      userIds: [cleo.id],
      at: expect.any(String) as string,
    });
    expect(looks[0]).toMatchObject({ by: 'email', userIds: [] });
    expect(JSON.stringify(looks)).not.toMatch(/cleo/i);
    for (const asked of [{}, { email: 'a@b.example', openid: 'x' }])
      expect(await chief.refusal(authSubjects.findUser, asked)).toBe('request.invalid');
    expect(await cleo.refusal(authSubjects.findUser, { openid: 'chief' })).toBe('role.required');
  });
});
