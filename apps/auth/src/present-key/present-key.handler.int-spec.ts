import { authSubjects } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app that shows a key with its secret', () => {
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

  const present = (data: object) => auth.ask(authSubjects.presentKey, { credential: app.credential, ...data });

  it('has it noted, once; together with the openid it says whom it means', async () => {
    const { bindingId, key } = await auth.bindTo(app.appId, eve, 'tenant-43');
    const other = await auth.bindTo(app.appId, alice, 'tenant-43');
    await present({ key });
    await present({ key });
    expect(await auth.types('binding', bindingId)).toEqual(['bound', 'key-presented']);
    await expect(present({ key, openid: 'tenant-44' })).rejects.toMatchObject({ code: 'binding.unknown' });
    await present({ key, openid: 'tenant-43' });
    await present({ key, openid: 'tenant-43' });
    expect(await auth.types('binding', bindingId)).toEqual(['bound', 'key-presented', 'confirmed']);
    // Somebody else's key changes nothing of whom the app means, and the push that showed it goes on.
    await present({ key: other.key, openid: 'tenant-43' });
    expect(await auth.types('binding', other.bindingId)).toEqual(['bound', 'key-presented']);
  });

  it('is refused with a key of another app’s, and with none', async () => {
    const { key } = await auth.bindTo(app.appId, eve, 'tenant-45');
    const credential = foreign.credential;
    await expect(present({ credential, key })).rejects.toMatchObject({ code: 'binding.unknown' });
    // No key ends in an x: of its last letter only four bits are used.
    for (const wrong of [`${key.slice(0, -3)}xxx`, app.credential]) {
      await expect(present({ key: wrong })).rejects.toMatchObject({ code: 'key.invalid' });
    }
  });
});
