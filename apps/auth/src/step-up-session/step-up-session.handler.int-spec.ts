import { authSubjects, TotpView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { admins, codeFrom, mayAct, withSecondFactor } from '../testing/authenticator.fixture';

describe('a session that shows the second factor', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  const stepUp = async (who: Somebody, code: string) =>
    (await who.ask<TotpView>(authSubjects.stepUpSession, { code })).body;

  it('may act for twelve hours, and each shows it for itself', async () => {
    const ann = await auth.somebody('ann');
    expect(await mayAct(auth, ann)).toBe(false);
    expect(await ann.refusal(authSubjects.stepUpSession, { code: '123456' })).toBe('totp.not-enrolled');
    const { secret, code } = await withSecondFactor(auth, ann);
    const elsewhere = await auth.somebody('ann');
    expect(await mayAct(auth, elsewhere)).toBe(false);
    expect(await elsewhere.refusal(authSubjects.stepUpSession, { code })).toBe('totp.code-used');
    auth.passTime(30_000);
    const shown = await stepUp(elsewhere, codeFrom(auth, secret));
    expect(shown).toMatchObject({ steppedUpUntil: expect.any(String) });
    expect(await mayAct(auth, elsewhere)).toBe(true);
    auth.passTime(12 * 3_600_000);
    expect(await mayAct(auth, elsewhere)).toBe(false);
  });

  it('is one of ten that show the same code at once', async () => {
    const ben = await auth.somebody('ben');
    const { secret } = await withSecondFactor(auth, ben);
    auth.passTime(30_000);
    const code = codeFrom(auth, secret);
    const shown = await Promise.allSettled(Array.from({ length: 10 }, () => stepUp(ben, code)));
    expect(shown.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not guess, and by a recovery code one gets in all the same (A6)', async () => {
    const chief = await auth.somebody('chief');
    const { secret, recoveryCodes } = await withSecondFactor(auth, chief);
    const wrong = codeFrom(auth, secret, 9);
    // The wait of a second is not over, however slow the machine.
    const told = await auth.whileTimeStands(() =>
      Promise.all(Array.from({ length: 20 }, () => chief.refusal(authSubjects.stepUpSession, { code: wrong }))),
    );
    expect(told.filter((code) => code === 'totp.code-wrong')).toHaveLength(10);
    expect(told.filter((code) => code === 'request.too-many-guesses')).toHaveLength(10);
    expect((await stepUp(chief, recoveryCodes[0]!.toUpperCase())).recoveryCodesLeft).toBe(9);
    const again = await chief.refusal(authSubjects.stepUpSession, { code: recoveryCodes[0] });
    expect(['totp.code-wrong', 'request.too-many-guesses']).toContain(again);
    expect((await chief.ask<TotpView>(authSubjects.removeTotp, { code: recoveryCodes[1] })).body.status).toBe('none');
    expect(await mayAct(auth, chief)).toBe(false);
  });
});
