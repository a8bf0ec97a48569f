import { authSubjects, EndpointView, RolesView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('who is operator and admin', () => {
  let auth: AuthWorld;
  beforeEach(async () => {
    auth = await AuthWorld.start({ HARK_ADMINS: 'wechat:chief, email:Boss@Mail.example' });
  });
  afterEach(() => auth.close());

  const rolesOf = async (openid: string) => (await auth.somebody(openid)).session.user.roles;
  const proveMail = async (user: Somebody, address: string): Promise<string> => {
    const { body } = await user.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'email', address });
    const mail = await until(() => auth.mailsTo(address)[0], {
      what: 'the code',
    });
    const code = /\d{6}/.exec(mail.text)![0];
    await user.ask(authSubjects.verifyEndpoint, { endpointId: body.id, code });
    return body.id;
  };

  it('is whom the setting names, until it does not: at once, and at the next log-in', async () => {
    const chief = await auth.somebody('chief');
    expect(chief.session.user.roles).toEqual(['user', 'operator', 'admin']);
    await auth.restart({ HARK_ADMINS: 'wechat:other' });
    expect(await auth.check(chief.session)).toBe('session.expired');
    expect((await auth.refreshed(chief.session)).user.roles).toEqual(['user']);
    expect(await rolesOf('chief')).toEqual(['user']);
    expect(await rolesOf('other')).toEqual(['user', 'operator', 'admin']);
    const events = await auth.service.app.get(EventStore).read('user', chief.id);
    expect(events.map(({ event }) => event.type).filter((type) => type.startsWith('user.role'))).toEqual([
      'user.role-granted',
      'user.role-granted',
      'user.role-revoked',
      'user.role-revoked',
    ]);
  });

  it('is whom the setting names anew, without logging in again', async () => {
    const ann = await auth.somebody('ann');
    await auth.restart({ HARK_ADMINS: 'wechat:ann' });
    expect(await auth.check(ann.session)).toBe('session.expired');
    expect((await auth.refreshed(ann.session)).user.roles).toEqual(['user', 'operator', 'admin']);
  });

  it('is whoever proved to receive at an address that the setting names, as long as they keep it', async () => {
    const boss = await auth.somebody('boss');
    expect(boss.session.user.roles).toEqual(['user']);
    const { id } = (await boss.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'email', address: 'x@y.example' }))
      .body;
    expect(await auth.check(boss.session)).toBe('live');
    await boss.ask(authSubjects.removeEndpoint, { endpointId: id });
    const endpointId = await proveMail(boss, 'boss@mail.example');
    expect(await auth.check(boss.session)).toBe('session.expired');
    const session = await auth.refreshed(boss.session);
    expect(session.user.roles).toEqual(['user', 'operator', 'admin']);
    await boss.ask(authSubjects.removeEndpoint, { endpointId });
    expect(await auth.check(session)).toBe('session.expired');
    expect(await rolesOf('boss')).toEqual(['user']);
  });

  it('is whom an admin made one by hand, whatever the setting says later', async () => {
    const [chief, ben] = [await auth.somebody('chief'), await auth.somebody('ben')];
    const asked = { userId: ben.id, role: 'operator' };
    const { body, position } = await chief.ask<RolesView>(authSubjects.grantRole, asked);
    expect(body).toEqual({ id: ben.id, roles: ['user', 'operator'] });
    expect(position).toMatch(/-user$/);
    const [, granted] = await auth.service.app.get(EventStore).read('user', ben.id);
    expect(granted!.event).toMatchObject({ data: { role: 'operator', by: `user:${chief.id}` } });
    await auth.restart({ HARK_ADMINS: '' });
    expect(await rolesOf('ben')).toEqual(['user', 'operator']);
  });

  it('is made one by admins only, of others, who exist', async () => {
    const [chief, ben] = [await auth.somebody('chief'), await auth.somebody('ben')];
    const asked = { userId: ben.id, role: 'admin' };
    const refusal = (who: Somebody, change: object) => who.refusal(authSubjects.grantRole, { ...asked, ...change });
    expect(await refusal(ben, { userId: chief.id })).toBe('role.required');
    expect(await refusal(chief, { userId: chief.id })).toBe('role.own');
    expect(await refusal(chief, { userId: uuid7() })).toBe('user.unknown');
    expect(await refusal(chief, { userId: 'x' })).toBe('user.unknown');
    expect(await refusal(chief, { role: 'user' })).toBe('request.invalid');
  });
});
