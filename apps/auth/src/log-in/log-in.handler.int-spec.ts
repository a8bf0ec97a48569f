import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { authSubjects, SessionReply } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { idempotent } from '@hark/testing';
import { Vault } from '@hark/vault';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('logging in through WeChat', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start({ HARK_ADMINS: 'wechat:chief, email:a@b.example' });
  });
  afterAll(() => auth.close());

  const logIn = (code: string, meta = {}) =>
    auth.ask<SessionReply>(authSubjects.logIn, { provider: 'wechat', code }, meta);

  it('answers an access token that says who, with which roles, for whom and for how long', async () => {
    const { body } = await logIn(auth.codeOf('ann'));
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
    const first = await logIn(auth.codeOf('ben'));
    const second = await logIn(auth.codeOf('ben'));
    expect(second.body.user.id).toBe(first.body.user.id);
    expect(second.body.refreshToken).not.toBe(first.body.refreshToken);
    expect(JSON.stringify([first, second])).not.toContain('ben');
  });

  it('keeps openid and session key sealed, each for its place', async () => {
    const sessionKeyGiven = Buffer.from('the-session-key!').toString('base64');
    const { body } = await logIn(auth.codeOf('clear-openid', sessionKeyGiven));
    const store = auth.service.app.get(EventStore);
    const vault = auth.service.app.get(Vault);
    const sessionId = (
      JSON.parse(Buffer.from(body.accessToken.split('.')[1]!, 'base64url').toString()) as { sid: string }
    ).sid;
    const [registered] = await store.read('user', body.user.id);
    const [started] = await store.read('session', sessionId);
    const stored = JSON.stringify([registered!.event, started!.event]);
    expect(stored).not.toContain('clear-openid');
    expect(stored).not.toContain(sessionKeyGiven);
    const { subject } = registered!.event.data as { subject: string };
    const { sessionKey } = started!.event.data as { sessionKey: string };
    await expect(vault.open(subject, `user:${body.user.id}`)).resolves.toBe('clear-openid');
    await expect(vault.open(sessionKey, `session:${sessionId}`)).resolves.toBe(sessionKeyGiven);
    await expect(vault.open(subject, `session:${sessionId}`)).rejects.toMatchObject({ code: 'vault.unreadable' });
  });

  it('makes whom the configuration names operator and admin, once', async () => {
    const first = await logIn(auth.codeOf('chief'));
    const second = await logIn(auth.codeOf('chief'));
    expect(second.body.user.roles).toEqual(['user', 'operator', 'admin']);
    const events = await auth.service.app.get(EventStore).read('user', first.body.user.id);
    expect(events.map(({ event }) => event.type)).toEqual([
      'user.registered',
      'user.role-granted',
      'user.role-granted',
    ]);
  });

  it('answers a repeat as it did, without trading the code in again', async () => {
    const code = auth.codeOf('dan');
    const meta = idempotent();
    const first = await logIn(code, meta);
    const exchanges = auth.codeExchanges();
    const second = await logIn(code, meta);
    expect(second).toEqual({ body: first.body, replayed: true });
    expect(auth.codeExchanges()).toBe(exchanges);
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code }, other)).toBe('idempotency.mismatch');
  });

  it.each([
    [40029, 'session.code-invalid'],
    [40163, 'session.code-invalid'],
    [40226, 'session.refused'],
    [-1, 'session.provider-unavailable'],
    [40125, 'session.provider-unavailable'],
  ])('answers WeChat’s %d with %s', async (errcode, code) => {
    auth.outside.faults.set({ provider: 'wechat', mode: 'error', errcode });
    const asked = { provider: 'wechat', code: auth.codeOf('eve') };
    const answered = await auth.refusal(authSubjects.logIn, asked);
    auth.outside.faults.clear('wechat');
    expect(answered).toBe(code);
  });

  it('refuses a code that was used, and what is no login', async () => {
    const code = auth.codeOf('fay');
    await logIn(code);
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code })).toBe('session.code-invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code, openid: 'x' })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat' })).toBe('request.invalid');
  });
});
