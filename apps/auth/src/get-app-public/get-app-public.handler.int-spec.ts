import { authSubjects, RegisterAppReply } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app, as everybody may see it', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  it('is its name and what is known of it, nothing that its owner said for themselves', async () => {
    const asked = { name: 'Shown', homepage: 'https://b.example/' };
    const { app } = (await ann.ask<RegisterAppReply>(authSubjects.registerApp, asked)).body;
    const { body } = await auth.ask(authSubjects.getAppPublic, { appId: app.id });
    const card = { id: app.id, name: 'Shown', verified: false, createdAt: app.createdAt };
    expect(body).toEqual({ ...card, standing: 'good' });
    await auth.append('standing', ann.id, { type: 'standing.throttled', data: { at: auth.now() } });
    expect((await auth.ask(authSubjects.getAppPublic, { appId: app.id })).body).toEqual({
      ...card,
      standing: 'throttled',
    });
  });

  it('is not there under an id that nobody registered', async () => {
    expect(await auth.refusal(authSubjects.getAppPublic, { appId: uuid7() })).toBe('app.unknown');
    expect(await auth.refusal(authSubjects.getAppPublic, { appId: 'nonsense' })).toBe('app.unknown');
  });
});
