import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { authSubjects, SessionReply } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { Vault } from '@hark/vault';
import { AuthStack, idempotent } from '../testing/auth-world.fixture';

describe('logging in through WeChat', () => {
  let auth: AuthStack;
  beforeAll(async () => {
    auth = await AuthStack.start({ HARK_ADMINS: 'wechat:chief, email:a@b.example' });
  });
  afterAll(() => auth.close());

  const logIn = (code: string, meta = {}) =>
    auth.ask<SessionReply>(authSubjects.logIn, { provider: 'wechat', code }, meta);

  it('answers an access token that says who, with which roles, for whom and for how long', async () => {
    const { body } = await logIn(auth.world.codeOf('ann'));
    expect(body).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshExpiresIn: 172_800,
      user: { roles: ['user'] },
    });
    expect(body.refreshToken).toMatch(/^hrt_[0-9a-f]{32}_[\w-]{43}$/);
    const { payload, protectedHeader } = await jwtVerify(body.accessToken, createSecretKey(auth.keys.session), {
      issuer: 'hark',
      audience: 'hark',
      typ: 'at+jwt',
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({ sub: body.user.id, roles: ['user'] });
    expect(payload.exp! - payload.iat!).toBe(900);
    expect(payload.sid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('knows a person again, and nobody by their openid', async () => {
    const first = await logIn(auth.world.codeOf('ben'));
    const second = await logIn(auth.world.codeOf('ben'));
    expect(second.body.user.id).toBe(first.body.user.id);
    expect(second.body.refreshToken).not.toBe(first.body.refreshToken);
    expect(JSON.stringify([first, second])).not.toContain('ben');
  });

  it('keeps openid and session key sealed, each for its place', async () => {
    const { body } = await logIn(auth.world.codeOf('clear-openid'));
    const store = auth.service.app.get(EventStore);
    const vault = auth.service.app.get(Vault);
    const sessionId = (
      JSON.parse(Buffer.from(body.accessToken.split('.')[1]!, 'base64url').toString()) as { sid: string }
    ).sid;
    const [registered] = await store.read('user', body.user.id);
    const [started] = await store.read('session', sessionId);
    const stored = JSON.stringify([registered!.event, started!.event]);
    expect(stored).not.toContain('clear-openid');
    expect(stored).not.toContain(Buffer.from('clear-openid').toString('base64'));
    const { subject } = registered!.event.data as { subject: string };
    const { sessionKey } = started!.event.data as { sessionKey: string };
    await expect(vault.open(subject, `user:${body.user.id}`)).resolves.toBe('clear-openid');
    await expect(vault.open(sessionKey, `session:${sessionId}`)).resolves.toBe(
      Buffer.from('clear-openid').toString('base64'),
    );
    await expect(vault.open(subject, `session:${sessionId}`)).rejects.toMatchObject({ code: 'vault.unreadable' });
  });

  it('makes whom the configuration names operator and admin, once', async () => {
    const first = await logIn(auth.world.codeOf('chief'));
    const second = await logIn(auth.world.codeOf('chief'));
    expect(second.body.user.roles).toEqual(['user', 'operator', 'admin']);
    const events = await auth.service.app.get(EventStore).read('user', first.body.user.id);
    expect(events.map(({ event }) => event.type)).toEqual([
      'user.registered',
      'user.role-granted',
      'user.role-granted',
    ]);
  });

  it('answers a repeat as it did, without trading the code in again', async () => {
    const code = auth.world.codeOf('dan');
    const meta = idempotent();
    const first = await logIn(code, meta);
    const exchanges = auth.world.codeExchanges;
    const second = await logIn(code, meta);
    expect(second).toEqual({ body: first.body, replayed: true });
    expect(auth.world.codeExchanges).toBe(exchanges);
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code }, other)).toBe('idempotency.mismatch');
  });

  it.each([
    [{ errcode: 40029, errmsg: 'invalid code' }, 'session.code-invalid'],
    [{ errcode: 40163, errmsg: 'code been used' }, 'session.code-invalid'],
    [{ errcode: 40226, errmsg: 'code blocked' }, 'session.refused'],
    [{ errcode: -1, errmsg: 'system busy' }, 'session.provider-unavailable'],
    [{ errcode: 40125, errmsg: 'invalid appsecret' }, 'session.provider-unavailable'],
  ])('answers WeChat’s %j with %s', async (answer, code) => {
    auth.world.wechatAnswer = answer;
    try {
      const asked = { provider: 'wechat', code: auth.world.codeOf('eve') };
      expect(await auth.refusal(authSubjects.logIn, asked)).toBe(code);
    } finally {
      auth.world.wechatAnswer = undefined;
    }
  });

  it('refuses a code that was used, and what is no login', async () => {
    const code = auth.world.codeOf('fay');
    await logIn(code);
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code })).toBe('session.code-invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code, openid: 'x' })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat' })).toBe('request.invalid');
  });
});
