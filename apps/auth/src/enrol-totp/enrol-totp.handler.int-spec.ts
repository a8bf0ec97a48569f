import { authSubjects, EnrolTotpReply } from '@hark/contracts';
import { idempotent } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';
import { admins, codeFrom, mayAct } from '../testing/authenticator.fixture';

describe('setting up a second factor', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  it('shows its secret, once more to a repeat, and counts for nothing before a code of it was shown', async () => {
    const ann = await auth.somebody('ann');
    const once = idempotent();
    const enrol = async () => (await ann.ask<EnrolTotpReply>(authSubjects.enrolTotp, {}, once)).body;
    const { secret, uri, qr } = await enrol();
    expect(qr).toMatch(/^<svg/);
    expect(uri).toContain(`secret=${secret}`);
    expect((await enrol()).secret).toBe(secret);
    const code = codeFrom(auth, secret);
    expect(await ann.refusal(authSubjects.stepUpSession, { code })).toBe('totp.not-enrolled');
    expect(await mayAct(auth, ann)).toBe(false);
    expect(JSON.stringify(await auth.events('user', ann.id))).not.toContain(secret);
  });
});
