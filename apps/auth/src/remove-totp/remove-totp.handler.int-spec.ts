import { authSubjects, TotpView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { admins, codeFrom, mayAct, withSecondFactor } from '../testing/authenticator.fixture';

describe('removing one’s second factor', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  const remove = async (who: Somebody, code: string) =>
    (await who.ask<TotpView>(authSubjects.removeTotp, { code })).body;

  it('takes a code of it, and what it gave from every session', async () => {
    const ann = await auth.somebody('ann');
    const { secret } = await withSecondFactor(auth, ann);
    const wrong = codeFrom(auth, secret, 9);
    expect(await ann.refusal(authSubjects.removeTotp, { code: wrong })).toBe('totp.code-wrong');
    expect(await mayAct(auth, ann)).toBe(true);
    auth.passTime(30_000);
    expect((await remove(ann, codeFrom(auth, secret))).status).toBe('none');
    expect(await mayAct(auth, ann)).toBe(false);
  });

  it('takes a recovery code as well', async () => {
    const ben = await auth.somebody('ben');
    const { recoveryCodes } = await withSecondFactor(auth, ben);
    expect((await remove(ben, recoveryCodes[0]!)).status).toBe('none');
    expect(await mayAct(auth, ben)).toBe(false);
  });
});
