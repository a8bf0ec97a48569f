import { authSubjects, SessionReply } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('refreshing a session', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  const refresh = async (refreshToken: string) =>
    (await auth.ask<SessionReply>(authSubjects.refresh, { refreshToken })).body;
  const refusal = (refreshToken: string) => auth.refusal(authSubjects.refresh, { refreshToken });

  // A9: a hundred times over on demand, with HARK_REFRESH_RACES=100.
  const races = Number(process.env.HARK_REFRESH_RACES ?? 1);
  it.each(Array.from({ length: races }, (_, n) => n))(
    'ends ten calls with one expired token in one live pair (%d)',
    async (n) => {
      const { session } = await auth.somebody(`ann-${n}`);
      // Within the ten seconds in which a spent token is answered again, however slow the machine.
      const pairs = await auth.whileTimeStands(() =>
        Promise.all(Array.from({ length: 10 }, () => refresh(session.refreshToken))),
      );
      expect(new Set(pairs.map((pair) => JSON.stringify(pair))).size).toBe(1);
      expect(pairs[0]!.refreshToken).not.toBe(session.refreshToken);
      expect(pairs[0]!.user).toEqual(session.user);
      auth.passTime(60_000);
      await refresh(pairs[0]!.refreshToken);
    },
  );

  it('ends the family when a spent token is used later, for the thief and the owner', async () => {
    const { session } = await auth.somebody('ben');
    const next = await refresh(session.refreshToken);
    auth.passTime(10_001);
    expect(await refusal(session.refreshToken)).toBe('session.reused');
    expect(await refusal(next.refreshToken)).toBe('session.reused');
    expect(await refusal(session.refreshToken)).toBe('session.reused');
  });

  it('refuses a token of no session, a false one of a session, and other credentials', async () => {
    const { session } = await auth.somebody('dan');
    const forged = session.refreshToken.slice(0, -43) + 'A'.repeat(43);
    expect(await refusal(forged)).toBe('session.invalid');
    expect(await refusal(`hrt_${'0'.repeat(32)}_${'A'.repeat(43)}`)).toBe('session.invalid');
    expect(await refusal(session.accessToken.slice(0, 100))).toBe('session.invalid');
    expect(await refusal(session.refreshToken.replace('hrt_', 'hk_'))).toBe('session.invalid');
    await refresh(session.refreshToken);
  });

  it('slows down whoever tries false ones, and takes the right one all the same (A6)', async () => {
    const { session } = await auth.somebody('fay');
    const guess = (i: number) => refusal(`${session.refreshToken.slice(0, -43)}${String(i).padEnd(43, 'A')}`);
    const told = await auth.whileTimeStands(() => Promise.all(Array.from({ length: 30 }, (_, i) => guess(i))));
    expect(new Set(told)).toEqual(new Set(['session.invalid', 'request.too-many-guesses']));
    await refresh(session.refreshToken);
  });

  it('is over after two days', async () => {
    const { session } = await auth.somebody('eve');
    auth.passTime(3 * 86_400_000);
    expect(await refusal(session.refreshToken)).toBe('session.expired');
  });
});
