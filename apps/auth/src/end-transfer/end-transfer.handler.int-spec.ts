import { authSubjects } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('ending the offer of an app', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
  });
  afterAll(() => auth.close());

  const offer = (appId: string, to: string) => owner.ask(authSubjects.offerTransfer, { appId, to });

  it('is declining it or taking it back', async () => {
    const { appId } = await auth.app(owner);
    await offer(appId, other.id);
    await other.ask(authSubjects.endTransfer, { appId });
    expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
    await offer(appId, other.id);
    await owner.ask(authSubjects.endTransfer, { appId });
    expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
    expect(await other.refusal(authSubjects.endTransfer, { appId })).toBe('app.unknown');
  });
});
