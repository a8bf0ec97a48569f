import { authSubjects } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { CallbackWorld, verified } from '../testing/callback-world.fixture';

describe('trying an app’s callback address', () => {
  let world: CallbackWorld;
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  beforeAll(async () => {
    world = await CallbackWorld.start();
    ({ auth, owner, ann } = world);
  });
  afterAll(() => world.auth.close());

  it('calls it with a test that is signed like every call', async () => {
    const { appId, secret } = await world.called('/tried');
    await owner.ask(authSubjects.testCallback, { appId });
    const [call] = await world.calls('/tried', 1);
    expect(verified(auth, secret, call!)).toMatchObject({ type: 'callback.test', data: { appId } });
  });

  it('is for its owner, where there is an address', async () => {
    const { appId } = await auth.app(owner);
    expect(await owner.refusal(authSubjects.testCallback, { appId })).toBe('app.no-callback-url');
    expect(await ann.refusal(authSubjects.testCallback, { appId })).toBe('app.unknown');
  });
});
