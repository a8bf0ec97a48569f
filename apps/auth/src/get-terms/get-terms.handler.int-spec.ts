import { ApprovedReply, authSubjects, TermsView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { ConsentWorld, SpeakingApp } from '../testing/consent-world.fixture';

describe('the terms of a consent', () => {
  let world: ConsentWorld;
  let auth: AuthWorld;
  let ann: Somebody;
  let app: SpeakingApp;
  beforeAll(async () => {
    world = await ConsentWorld.start();
    ({ auth, ann, app } = world);
  });
  afterAll(() => world.auth.close());

  it('are the same promise where a mini program asks', async () => {
    const mini = { wechatAppId: 'wx0123456789abcd01', appName: '报修小程序' };
    const { body: terms } = await ann.ask<TermsView>(authSubjects.getTerms, mini);
    expect(terms.text).toContain('「报修小程序」');
    const bind = (termsHash: string, more = {}) =>
      ann.ask<ApprovedReply>(authSubjects.bind, { ...mini, openid: 'mini', termsHash, ...more });
    await expect(bind('0'.repeat(64))).rejects.toMatchObject({ code: 'binding.terms-changed' });
    await expect(bind(terms.hash, { appName: '别的程序' })).rejects.toMatchObject({ code: 'binding.terms-changed' });
    const { binding } = (await bind(terms.hash)).body;
    const [{ data }] = (await auth.events('binding', binding.id)) as unknown as [{ data: object }];
    expect(data).toHaveProperty('wording.presented', true);
    expect((await ann.ask<TermsView>(authSubjects.getTerms, { appId: app.appId })).body.text).toContain('「Tickets」');
    expect(await ann.refusal(authSubjects.getTerms, { wechatAppId: mini.wechatAppId })).toBe('request.invalid');
  });
});
