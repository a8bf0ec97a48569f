import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { back, ConsentWorld } from '../testing/consent-world.fixture';

describe('a person’s no', () => {
  let world: ConsentWorld;
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    world = await ConsentWorld.start();
    ({ auth, ann, ben } = world);
  });
  afterAll(() => world.auth.close());

  it('says so to the app, and nothing more', async () => {
    const { id } = await world.open({ openid: 'no', redirectUri: back, state: 's' });
    const answer = { bind: false, redirectTo: `${back}&error=access_denied&state=s` };
    expect(await world.decline(ann, id)).toMatchObject(answer);
    expect(await world.decline(ann, id)).toMatchObject(answer);
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'declined']);
    expect(await world.refusalToApprove(ann, id)).toBe('binding-request.settled');
    const plain = await world.open({ openid: 'no-2' });
    expect(await world.decline(ben, plain.id)).toEqual({ bind: false, errMsg: '用户拒绝了授权' });
  });
});
