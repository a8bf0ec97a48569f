import { decodeJwt } from 'jose';
import { authSubjects, Page, SessionReply, SessionView } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const phone = { address: '203.0.113.7', userAgent: 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.47' };

describe('where somebody is logged in', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  const logIn = async (openid: string, meta: RpcOptions = {}) =>
    (await auth.ask<SessionReply>(authSubjects.logIn, { provider: 'wechat', code: auth.codeOf(openid) }, meta)).body;
  const idOf = ({ accessToken }: SessionReply) => String(decodeJwt(accessToken).sid);
  const list = async (user: Somebody, position?: string) => {
    const seen = position === undefined ? {} : { position };
    return (await user.ask<Page<SessionView>>(authSubjects.listSessions, {}, seen)).body.items;
  };
  const positionOf = async (sessionId: string) => {
    const events = await auth.store.read('session', sessionId);
    return `${events.at(-1)!.position}-session`;
  };

  it('is listed with device, place and last use, the newest first; ended and idle ones are not', async () => {
    const ann = await auth.somebody('ann');
    const onPhone = await logIn('ann', { client: phone });
    const [newest, current] = await list(ann, await positionOf(idOf(onPhone)));
    expect(newest).toEqual({
      id: idOf(onPhone),
      current: false,
      provider: 'wechat',
      device: 'WeChat 8, Android',
      place: '203.0.113.0/24',
      startedAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect(current).toMatchObject({ current: true });
    expect(current).not.toHaveProperty('place');
    auth.passTime(60 * 60_000);
    await auth.refreshed(onPhone);
    const [used] = await list(ann, await positionOf(idOf(onPhone)));
    expect(used!.lastUsedAt > newest!.lastUsedAt).toBe(true);
    auth.passTime(47.5 * 3_600_000);
    expect((await list(ann)).map(({ id }) => id)).toEqual([idOf(onPhone)]);
  });

  it('is nobody else’s to see', async () => {
    expect(await auth.refusal(authSubjects.listSessions)).toBe('session.required');
    const [cat, dan] = [await auth.somebody('cat'), await auth.somebody('dan')];
    const seen = await list(cat, await positionOf(idOf(dan.session)));
    expect(seen.map(({ id }) => id)).toEqual([idOf(cat.session)]);
  });
});
