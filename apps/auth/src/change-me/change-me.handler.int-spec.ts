import { authSubjects, EndpointView, MeView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('the language a person is written to in', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  const localeOf = async (user: Somebody) => (await user.ask<MeView>(authSubjects.getMe)).body.locale;
  const logIn = (openid: string, clientLocale: 'en' | 'zh-CN') =>
    auth.ask(authSubjects.logIn, { provider: 'wechat', code: auth.codeOf(openid) }, { clientLocale });

  it('is learnt from the client at each log-in, and not known from one that names none', async () => {
    const ann = await auth.somebody('ann');
    expect(await localeOf(ann)).toBeUndefined();
    await logIn('ann', 'en');
    expect(await localeOf(ann)).toBe('en');
    await logIn('ann', 'zh-CN');
    expect(await localeOf(ann)).toBe('zh-CN');
    await auth.somebody('ann');
    expect(await localeOf(ann)).toBe('zh-CN');
  });

  it('is known before the code of a new endpoint leaves', async () => {
    const ben = await auth.somebody('ben');
    const asked = { kind: 'bark', deviceKey: 'DeviceOfEnglishBen' };
    await ben.ask<EndpointView>(authSubjects.addEndpoint, asked, { clientLocale: 'en' });
    const events = await auth.service.app.get(EventStore).read('user', ben.id);
    expect(events.map(({ event }) => event.type)).toEqual([
      'user.registered',
      'user.locale-set',
      'user.endpoint-added',
      'user.endpoint-challenged',
    ]);
  });

  it('is the one they chose, whatever their clients name', async () => {
    const cat = await auth.somebody('cat');
    const { body, position } = await cat.ask<MeView>(authSubjects.changeMe, { locale: 'en' });
    expect(body).toEqual({ id: cat.id, roles: ['user'], locale: 'en' });
    expect(position).toMatch(/-user$/);
    await logIn('cat', 'zh-CN');
    expect(await localeOf(cat)).toBe('en');
  });

  it('is one that Hark speaks, and nobody else’s to set', async () => {
    const dan = await auth.somebody('dan');
    for (const wrong of [{ locale: 'fr' }, {}, { locale: 'en', displayName: 'Dan' }]) {
      expect(await dan.refusal(authSubjects.changeMe, wrong)).toBe('request.invalid');
    }
    expect(await auth.refusal(authSubjects.changeMe, { locale: 'en' })).toBe('session.required');
  });
});
