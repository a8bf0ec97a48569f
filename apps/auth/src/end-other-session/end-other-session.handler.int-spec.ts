import { decodeJwt } from 'jose';
import { authSubjects, Page, SessionReply, SessionView } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('a session that its person ends', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  const idOf = ({ accessToken }: SessionReply) => String(decodeJwt(accessToken).sid);

  it('from another one has every token of it refused', async () => {
    const ben = await auth.somebody('ben');
    const { session: lost } = await auth.somebody('ben');
    expect(await auth.check(lost)).toBe('live');
    const { position } = await ben.ask(authSubjects.endOtherSession, { sessionId: idOf(lost) });
    expect(await auth.check(lost)).toBe('session.ended');
    expect(await auth.refusal(authSubjects.refresh, { refreshToken: lost.refreshToken })).toBe('session.ended');
    const { body } = await ben.ask<Page<SessionView>>(authSubjects.listSessions, {}, { position: position! });
    expect(body.items.map(({ current }) => current)).toEqual([true]);
    await ben.ask(authSubjects.endOtherSession, { sessionId: idOf(lost) });
    await ben.ask(authSubjects.endOtherSession, { sessionId: idOf(ben.session) });
    expect(await auth.check(ben.session)).toBe('session.invalid');
  });

  it('is nobody else’s to end', async () => {
    const [cat, dan] = [await auth.somebody('cat'), await auth.somebody('dan')];
    for (const sessionId of [idOf(dan.session), '00000000-0000-4000-8000-000000000000', 'x']) {
      expect(await cat.refusal(authSubjects.endOtherSession, { sessionId })).toBe('session.unknown');
    }
    expect(await auth.check(dan.session)).toBe('live');
  });
});
