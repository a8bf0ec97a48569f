import { authSubjects, TotpView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { admins, mayAct, withSecondFactor } from '../testing/authenticator.fixture';

describe('a person’s view of their second factor', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start(admins);
  });
  afterAll(() => auth.close());

  const view = async (who: Somebody) => (await who.ask<TotpView>(authSubjects.getTotp)).body;

  it('says what there is, and whether this session has shown it', async () => {
    const ann = await auth.somebody('ann');
    expect(await view(ann)).toEqual({ status: 'none', required: true, recoveryCodesLeft: 0 });
    await withSecondFactor(auth, ann);
    const steppedUpUntil = expect.any(String) as string;
    expect(await view(ann)).toEqual({ status: 'active', required: true, recoveryCodesLeft: 10, steppedUpUntil });
    expect(await view(await auth.somebody('ann'))).not.toHaveProperty('steppedUpUntil');
  });

  it('says that none is needed where the setting says so', async () => {
    await auth.restart({ HARK_SECOND_FACTOR: 'off' });
    const ben = await auth.somebody('ben');
    expect(await mayAct(auth, ben)).toBe(true);
    expect(await view(ben)).toMatchObject({ required: false });
  });
});
