import { AppBindingView, authSubjects, BindingView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app says whom it does not mean by an openid', () => {
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

  const refuse = (bindingId: unknown, more: object = {}) =>
    auth.ask<AppBindingView>(authSubjects.refuseBinding, { ...app, bindingId, ...more });

  it('and ends that binding, once; another person’s under the openid stays', async () => {
    const [evil, good] = [
      await auth.bindTo(app.appId, eve, 'tenant-42'),
      await auth.bindTo(app.appId, alice, 'tenant-42'),
    ];
    const refused = await refuse(evil.bindingId);
    expect(refused.body).toMatchObject({ bindingId: evil.bindingId, openid: 'tenant-42', status: 'unbound' });
    expect((await refuse(evil.bindingId)).body).toEqual(refused.body);
    expect(await auth.types('binding', evil.bindingId)).toEqual(['bound', 'refused']);
    const statusFor = async (user: Somebody, bindingId: string) =>
      (await user.ask<BindingView>(authSubjects.getBinding, { bindingId })).body.status;
    expect([await statusFor(eve, evil.bindingId), await statusFor(alice, good.bindingId)]).toEqual([
      'unbound',
      'active',
    ]);
  });

  it.each<[string, (foreignBinding: string) => object, string]>([
    ['another app’s binding', (bindingId) => ({ bindingId }), 'binding.unknown'],
    ['a binding that is not there', () => ({ bindingId: uuid7() }), 'binding.unknown'],
    ['an id that is none', () => ({ bindingId: 'nonsense' }), 'binding.unknown'],
    ['another app', () => ({ appId: foreign.appId }), 'app.unknown'],
    ['another app’s secret', () => ({ credential: foreign.credential }), 'app.unknown'],
    ['no secret', () => ({ credential: 'has_nonsense' }), 'key.invalid'],
    ['more than is asked', () => ({ more: 1 }), 'request.invalid'],
  ])('but not with %s', async (what, change, code) => {
    const { bindingId } = await auth.bindTo(app.appId, alice, what);
    const elsewhere = await auth.bindTo(foreign.appId, alice, what);
    const asked = { ...app, bindingId, ...change(elsewhere.bindingId) };
    expect(await auth.refusal(authSubjects.refuseBinding, asked)).toBe(code);
    expect(await auth.types('binding', bindingId)).toEqual(['bound']);
  });
});
