import { authSubjects, TotpView } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';
import { admins, mayAct, withSecondFactor } from '../testing/authenticator.fixture';

describe('a second factor that is lost', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  it('is taken off by another admin, and not by oneself', async () => {
    const [chief, ann] = [await auth.somebody('chief'), await auth.somebody('ann')];
    await withSecondFactor(auth, ann);
    expect(await ann.refusal(authSubjects.resetTotp, { userId: ann.id })).toBe('role.own');
    expect(await mayAct(auth, ann)).toBe(true);
    await chief.ask(authSubjects.resetTotp, { userId: ann.id });
    expect((await ann.ask<TotpView>(authSubjects.getTotp)).body.status).toBe('none');
    expect(await mayAct(auth, ann)).toBe(false);
    const last = (await auth.events('user', ann.id)).at(-1);
    expect(last).toMatchObject({ type: 'user.totp-removed', data: { by: `user:${chief.id}` } });
  });
});
