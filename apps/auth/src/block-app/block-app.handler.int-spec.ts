import { authSubjects, BindingView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('blocking an app', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  const block = async (bindingId: string) => {
    await ann.ask(authSubjects.block, { bindingId });
    return (await ann.ask<BindingView>(authSubjects.getBinding, { bindingId })).body;
  };

  it('refuses the app from then on, once', async () => {
    const { binding } = await auth.bind(ann, 'o-1');
    expect(await block(binding.id)).toMatchObject({ id: binding.id, status: 'blocked' });
    expect(await block(binding.id)).toMatchObject({ status: 'blocked' });
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'blocked']);
    expect(await auth.types('user', ann.id)).toEqual(['registered', 'blocked-app']);
  });

  it('also works on what was unbound', async () => {
    const { binding } = await auth.bind(ann, 'o-2', 'wx0123456789abcde3');
    await ann.ask(authSubjects.unbind, { bindingId: binding.id });
    expect((await block(binding.id)).status).toBe('blocked');
  });

  it('holds for whatever other openid the app goes by', async () => {
    const wechatAppId = 'wx0123456789abcde5';
    const { binding } = await auth.bind(ann, 'o-4', wechatAppId);
    await block(binding.id);
    for (const openid of ['o-4', 'o-5']) {
      const asked = { wechatAppId, appName: 'Hacker密码', openid };
      expect(await ann.refusal(authSubjects.bind, asked)).toBe('binding.app-blocked');
    }
    expect((await auth.bind(ben, 'o-6', wechatAppId)).binding.status).toBe('active');
  });

  it('is nobody else’s to do', async () => {
    const bindingId = (await auth.bind(ann, 'o-3', 'wx0123456789abcde4')).binding.id;
    expect(await ben.refusal(authSubjects.block, { bindingId })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.block, { bindingId: uuid7() })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.block, { bindingId, extra: true })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.block, { bindingId })).toBe('session.required');
    expect(await auth.types('binding', bindingId)).toEqual(['bound']);
  });
});
