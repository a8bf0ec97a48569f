import { AppBindingView, authSubjects, Page } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('who has bound an app', () => {
  let auth: AuthWorld;
  let alice: Somebody;
  let eve: Somebody;
  let app: Awaited<ReturnType<AuthWorld['app']>>;
  let foreign: typeof app;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    const owner = await auth.somebody('owner');
    [alice, eve] = [await auth.somebody('alice'), await auth.somebody('eve')];
    [app, foreign] = [await auth.app(owner), await auth.app(owner)];
  });
  afterAll(() => auth.close());

  it('is told to the app, newest first, with the openid each gave', async () => {
    const first = await auth.bindTo(app.appId, alice, 'tenant-1');
    const second = await auth.bindTo(app.appId, eve, 'tenant-2');
    await auth.bindTo(foreign.appId, eve, 'elsewhere');
    const change = { bindingId: second.bindingId, level: 'weak' };
    const { position } = await eve.ask(authSubjects.changeBinding, change);
    const meta = { position: position! };
    const { items } = (await auth.ask<Page<AppBindingView>>(authSubjects.listAppBindings, app, meta)).body;
    const boundAt = expect.any(String) as string;
    expect(items).toEqual([
      { openid: 'tenant-2', bindingId: second.bindingId, status: 'active', confirmed: false, boundAt },
      { openid: 'tenant-1', bindingId: first.bindingId, status: 'active', confirmed: false, boundAt },
    ]);
  });

  it('is told to nobody else', async () => {
    const refusal = (change: object) => auth.refusal(authSubjects.listAppBindings, { ...app, ...change });
    expect(await refusal({ appId: foreign.appId })).toBe('app.unknown');
    expect(await refusal({ appId: uuid7() })).toBe('app.unknown');
    expect(await refusal({ credential: 'has_nonsense' })).toBe('key.invalid');
  });
});
