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
    for (const wrong of [
      { locale: 'fr' },
      {},
      { displayName: 'Dan\u202e' },
      { displayName: 'D\u200ban' },
      { displayName: ' ' },
      { timeZone: 'Mars/Olympus' },
      { quietHours: [{ days: [8], from: '22:00', to: '07:00', mode: 'defer' }] },
      { quietHours: [{ days: [1], from: '24:00', to: '07:00', mode: 'defer' }] },
      { digest: { every: 'never' } },
      { digest: { every: 'day', at: '9:00' } },
      { retentionDays: 29 },
      { retentionDays: 3_651 },
      { retentionDays: '90' },
      { locale: 'en', roles: ['admin'] },
    ]) {
      expect(await dan.refusal(authSubjects.changeMe, wrong)).toBe('request.invalid');
    }
    expect(await auth.refusal(authSubjects.changeMe, { locale: 'en' })).toBe('session.required');
  });

  it('says after how many days messages leave the inbox, or that they need not, and stands in what they see of themselves', async () => {
    const fay = await auth.somebody('fay');
    const { body, position } = await fay.ask<MeView>(authSubjects.changeMe, { retentionDays: 90 });
    expect(body).toMatchObject({ retentionDays: 90 });
    expect((await fay.ask<MeView>(authSubjects.getMe, {}, { position: position! })).body.retentionDays).toBe(90);
    await fay.ask(authSubjects.changeMe, { retentionDays: 90 });
    expect((await fay.ask<MeView>(authSubjects.changeMe, { retentionDays: null })).body).not.toHaveProperty(
      'retentionDays',
    );
    expect(await auth.types('user', fay.id)).toEqual(['registered', 'retention-set', 'retention-set']);
  });

  it('stands beside name, time zone, quiet hours and digest, each kept until it is changed, the name sealed', async () => {
    const eve = await auth.somebody('eve');
    const quietHours = [{ days: [1, 2, 3, 4, 5], from: '22:00', to: '07:00', mode: 'defer' }];
    const chosen = { displayName: 'Eve  李', timeZone: 'Asia/Shanghai', quietHours, digest: { every: 'hour' } };
    const { body } = await eve.ask<MeView>(authSubjects.changeMe, chosen);
    expect(body).toEqual({ id: eve.id, roles: ['user'], ...chosen, displayName: 'Eve 李' });
    await eve.ask(authSubjects.changeMe, chosen);
    expect((await auth.refreshed(eve.session)).user.displayName).toBe('Eve 李');
    const { body: less } = await eve.ask<MeView>(authSubjects.changeMe, {
      displayName: null,
      quietHours: [],
      digest: null,
    });
    expect(less).toEqual({ id: eve.id, roles: ['user'], timeZone: 'Asia/Shanghai' });
    expect(await auth.types('user', eve.id)).toEqual([
      'registered',
      'display-name-set',
      'time-zone-set',
      'quiet-hours-set',
      'digest-set',
      'display-name-set',
      'quiet-hours-set',
      'digest-set',
    ]);
    expect(JSON.stringify(await auth.events('user', eve.id))).not.toContain('李');
  });
});
