import { authSubjects, ConfirmTotpReply, EnrolTotpReply } from '@hark/contracts';
import { idempotent } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';
import { admins, codeFrom, mayAct } from '../testing/authenticator.fixture';

describe('the first code of a second factor', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  it('makes it count, shows the recovery codes, and lets the session act', async () => {
    const ann = await auth.somebody('ann');
    const { secret } = (await ann.ask<EnrolTotpReply>(authSubjects.enrolTotp)).body;
    expect(await ann.refusal(authSubjects.confirmTotp, { code: codeFrom(auth, secret, 5) })).toBe('totp.code-wrong');
    const once = idempotent();
    const code = codeFrom(auth, secret);
    const confirm = async () => (await ann.ask<ConfirmTotpReply>(authSubjects.confirmTotp, { code }, once)).body;
    const confirmed = await confirm();
    expect(confirmed).toMatchObject({ status: 'active', recoveryCodesLeft: 10, steppedUpUntil: expect.any(String) });
    expect(new Set(confirmed.recoveryCodes).size).toBe(10);
    expect((await confirm()).recoveryCodes).toEqual(confirmed.recoveryCodes);
    expect(await mayAct(auth, ann)).toBe(true);
    expect(JSON.stringify(await auth.events('user', ann.id))).not.toContain(secret);
  });
});
