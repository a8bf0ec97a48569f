import { authSubjects } from '@hark/contracts';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { CallbackWorld } from '../testing/callback-world.fixture';

describe('the calls to an app', () => {
  let world: CallbackWorld;
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  beforeAll(async () => {
    world = await CallbackWorld.start();
    ({ auth, owner, ann } = world);
  });
  afterAll(() => world.auth.close());

  it('are listed with how each try ended', async () => {
    const { appId } = await world.called('/status/500/listed');
    await owner.ask(authSubjects.testCallback, { appId });
    const tried = async () => (await world.listed(appId)).find(({ tries }) => tries.length > 0);
    const { status, tries } = await until(tried, { what: 'the try is listed' });
    expect(status).toBe('pending');
    expect(tries[0]).toMatchObject({ status: 500, reason: 'answered' });
  });

  it('are nobody else’s to look into, and none without an address', async () => {
    const { appId } = await auth.app(owner);
    expect(await ann.refusal(authSubjects.listCallbacks, { appId })).toBe('app.unknown');
    await auth.bindTo(appId, ann, 'o-9');
    expect(await world.listed(appId)).toEqual([]);
  });
});
