import { authSubjects, RegisterAppReply } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app, whole', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('is shown to its owner, and to nobody else', async () => {
    const asked = { name: 'Shown', homepage: 'https://b.example/', wechatAppId: 'wx00000000000000b1' };
    const { app } = (await ann.ask<RegisterAppReply>(authSubjects.registerApp, asked)).body;
    expect((await ann.ask(authSubjects.getApp, { appId: app.id })).body).toEqual({ ...app, secrets: [{}] });
    expect(await ben.refusal(authSubjects.getApp, { appId: app.id })).toBe('app.unknown');
    expect(await ann.refusal(authSubjects.getApp, { appId: uuid7() })).toBe('app.unknown');
    expect(await auth.refusal(authSubjects.getApp, { appId: app.id })).toBe('session.required');
  });
});
