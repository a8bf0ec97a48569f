import { authSubjects } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('an access token', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('does not count once its person signed out; those of their other sessions do', async () => {
    const [phone, desk] = [await auth.somebody('ben'), await auth.somebody('ben')];
    await phone.ask(authSubjects.endSession);
    await phone.ask(authSubjects.endSession);
    expect([await auth.check(phone.session), await auth.check(desk.session)]).toEqual(['session.invalid', 'live']);
    const { refreshToken } = phone.session;
    expect(await auth.refusal(authSubjects.refresh, { refreshToken })).toBe('session.invalid');
  });

  it('is needed to sign out', async () => expect(await auth.refusal(authSubjects.endSession)).toBe('session.required'));
});
