import { authSubjects, RegisterAppReply } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('claiming a mini program', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
  });
  afterAll(() => auth.close());

  const claim = (asked: object, by = owner) => by.ask<RegisterAppReply>(authSubjects.claimMiniProgram, asked);
  const refused = (asked: object, by = owner) => by.refusal(authSubjects.claimMiniProgram, asked);

  it('is for whoever has WeChat’s secret of it: they see who bound it, and name it', async () => {
    const wechatAppId = auth.harness.env.WECHAT_APP_ID!;
    const appSecret = auth.harness.env.WECHAT_APP_SECRET!;
    const { binding } = await auth.bind(other, 'o-1', wechatAppId);
    expect(binding.app).toMatchObject({ nameBy: 'caller' });
    expect(await refused({ wechatAppId, appSecret: 'guessed' })).toBe('app.mini-program-secret-wrong');
    expect(await refused({ wechatAppId: 'wx00000000000000e1', appSecret })).toBe('app.mini-program-secret-wrong');
    const claimed = await claim({ wechatAppId, appSecret });
    const { app, secret } = claimed.body;
    expect(app).toMatchObject({ id: binding.app.id, verified: true, wechatAppIdProven: true, ownerId: owner.id });
    const asked = { appId: app.id, credential: secret };
    const { body } = await auth.ask(authSubjects.listAppBindings, asked, { position: claimed.position! });
    expect(body.items).toMatchObject([{ bindingId: binding.id, openid: 'o-1' }]);
    await owner.ask(authSubjects.changeApp, { appId: app.id, name: 'Repairs' });
    const seen = (await other.ask(authSubjects.getBinding, { bindingId: binding.id })).body.app;
    expect(seen).toMatchObject({ name: 'Repairs', verified: true });
    expect(seen).not.toHaveProperty('nameBy');
    expect(await refused({ wechatAppId, appSecret }, other)).toBe('app.wechat-app-id-taken');
    const stored = await auth.events('app', app.id);
    expect(JSON.stringify(stored)).not.toContain(appSecret);
  });
});
