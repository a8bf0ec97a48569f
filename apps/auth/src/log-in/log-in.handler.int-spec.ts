import { createSecretKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { authSubjects, Reply, SessionEvent, SessionReply, UserEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { Caller, RpcOptions } from '@hark/nats';
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

  const phone = { address: '203.0.113.7', userAgent: 'MicroMessenger/8.0.47 (iPhone)' };
  const refusalOf = (code: string, meta: RpcOptions) =>
    auth.refusal(authSubjects.logIn, { provider: 'wechat', code }, meta);

  // A thousand on demand, with HARK_CODE_REDEMPTIONS=1000; fifty at a time, because one source may not try more at once.
  const redemptions = Number(process.env.HARK_CODE_REDEMPTIONS ?? 10);
  it('trades a code in once for many at a time, and all have one session', async () => {
    const code = auth.codeOf('ten-at-once');
    const before = auth.codeExchanges();
    const all: Reply<SessionReply>[] = [];
    for (let n = 0; n < redemptions; n += 50) {
      const wave = Array.from({ length: Math.min(50, redemptions - n) }, () => logIn(code, { client: phone }));
      all.push(...(await Promise.all(wave)));
    }
    expect(new Set(all.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(auth.codeExchanges()).toBe(before + 1);
  });

  it('answers the client that logged in once more, after a restart too, and nobody else', async () => {
    const code = auth.codeOf('again');
    const first = await logIn(code, { client: phone });
    const exchanges = auth.codeExchanges();
    await auth.restart({});
    expect(await logIn(code, { client: phone })).toEqual({ body: first.body, replayed: true });
    for (const client of [{ ...phone, address: '203.0.113.8' }, { ...phone, userAgent: 'x' }, undefined]) {
      expect(await refusalOf(code, { ...(client && { client }) })).toBe('session.code-invalid');
    }
    expect(auth.codeExchanges()).toBe(exchanges);
  });

  it('does not answer again once the tokens are used, nor later than WeChat’s codes live', async () => {
    const used = auth.codeOf('used-tokens');
    const { body } = await logIn(used, { client: phone });
    await auth.refreshed(body);
    expect(await refusalOf(used, { client: phone })).toBe('session.code-invalid');
    const late = auth.codeOf('late');
    await logIn(late, { client: phone });
    auth.passTime(5 * 60_000);
    expect(await refusalOf(late, { client: phone })).toBe('session.code-invalid');
  });

  it('keeps of the client its network and what it calls itself, sealed', async () => {
    const { body } = await logIn(auth.codeOf('kept'), { client: phone });
    const sid = String(decodeJwt(body.accessToken).sid);
    const [started] = await auth.events<SessionEvent>('session', sid);
    const { client } = started!.data as { client: string };
    expect(JSON.stringify(started)).not.toMatch(/203\.0|iPhone/);
    const opened = await auth.vault.open(client, `session-client:${sid}`);
    expect(JSON.parse(opened!)).toEqual({ userAgent: phone.userAgent, network: '203.0.113.0/24' });
  });

  it('knows by WeChat’s unionid who comes through another mini program, and keeps it sealed', async () => {
    const union = (openid: string, unionid?: string) => logIn(auth.codeOf(openid, undefined, unionid));
    const { body: first } = await union('openid-of-one', 'the-union');
    const { body: second } = await union('openid-of-two', 'the-union');
    expect(second.user.id).toBe(first.user.id);
    // From now on the openid alone is enough, and a unionid that changes does not change the person.
    expect((await union('openid-of-two')).body.user.id).toBe(first.user.id);
    expect((await union('openid-of-two', 'moved-union')).body.user.id).toBe(first.user.id);
    expect((await union('openid-of-three', 'moved-union')).body.user.id).toBe(first.user.id);
    expect((await union('openid-of-one', 'the-union')).body.user.id).toBe(first.user.id);
    const events = await auth.events<UserEvent>('user', first.user.id);
    expect(events.map(({ type }) => type)).toEqual([
      'user.registered',
      ...Array.from({ length: 4 }, () => 'user.identity-added'),
    ]);
    expect(JSON.stringify(events)).not.toMatch(/the-union|moved-union|openid-of/);
  });

  it('is a new person once the account was erased, and stays that one', async () => {
    const { body: before } = await logIn(auth.codeOf('erased-one', undefined, 'erased-union'));
    await auth.append('user', before.user.id, { type: 'user.erased', data: { at: auth.now() } });
    const all = await Promise.all(Array.from({ length: 5 }, () => logIn(auth.codeOf('erased-one'))));
    const ids = new Set(all.map(({ body }) => body.user.id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(before.user.id);
    const { body: union } = await logIn(auth.codeOf('erased-other', undefined, 'erased-union'));
    expect(union.user.id).not.toBe(before.user.id);
    expect((await logIn(auth.codeOf('erased-one'))).body.user.id).toBe([...ids][0]);
  });

  it('moves nobody who has an account into another one', async () => {
    const { body: alone } = await logIn(auth.codeOf('had-one-already'));
    const { body: other } = await logIn(auth.codeOf('newcomer', undefined, 'shared-union'));
    const { body: again } = await logIn(auth.codeOf('had-one-already', undefined, 'shared-union'));
    expect(again.user.id).toBe(alone.user.id);
    expect(other.user.id).not.toBe(alone.user.id);
  });

  it('is one person when they come through two mini programs at once for the first time', async () => {
    const codes = Array.from({ length: 10 }, (_, n) => auth.codeOf(`openid-${n % 2}-at-once`, undefined, 'at-once'));
    const all = await Promise.all(codes.map((code) => logIn(code)));
    expect(new Set(all.map(({ body }) => body.user.id)).size).toBe(1);
  });

  it.each([
    [45011, 'session.provider-unavailable'],
    [40013, 'session.provider-unavailable'],
    [40164, 'session.provider-unavailable'],
    [41008, 'session.code-invalid'],
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

  it('asks once more when WeChat is busy, because the code is not spent by that', async () => {
    auth.outside.faults.set({ provider: 'wechat', mode: 'error', errcode: -1, times: 1 });
    expect((await logIn(auth.codeOf('busy'))).body.user.roles).toEqual(['user']);
  });

  it('asks for a new code when the answer is lost: this one may be spent', async () => {
    auth.outside.faults.set({ provider: 'wechat', mode: 'reset' });
    const answered = await auth.refusal(authSubjects.logIn, { provider: 'wechat', code: auth.codeOf('lost') });
    auth.outside.faults.clear('wechat');
    expect(answered).toBe('session.code-invalid');
  });

  it('waits for a slow WeChat, and answers before the gateway gives up on one that hangs', async () => {
    auth.outside.faults.set({ provider: 'wechat', mode: 'slow', delayMs: 300 });
    const ann = await auth.somebody('slow-one');
    auth.outside.faults.set({ provider: 'wechat', mode: 'hang' });
    const data = Buffer.alloc(32).toString('base64');
    const profile = { encryptedData: data, iv: Buffer.alloc(16).toString('base64') };
    // Not `request.timeout`, which says nothing of what to do: a code may be spent, a profile can be asked for again.
    expect(
      await Promise.all([
        auth.refusal(authSubjects.logIn, { provider: 'wechat', code: auth.codeOf('hung') }),
        ann.refusal(authSubjects.readWechatProfile, profile),
      ]),
    ).toEqual(['session.code-invalid', 'session.provider-unavailable']);
    auth.outside.faults.clear('wechat');
  });

  it('holds up an address that tries codes, and nobody else (A6)', async () => {
    const { id } = await auth.somebody('gus');
    const from = (source: string, known = {}) => ({
      caller: { kind: 'anonymous', roles: [], source, ...known } as Caller,
    });
    const guess = (code: string) => auth.refusal(authSubjects.logIn, { provider: 'wechat', code }, from('192.0.2.1'));
    const exchanges = auth.codeExchanges();
    // The wait of a second is not over, however slow the machine.
    const told = await auth.whileTimeStands(() =>
      Promise.all(Array.from({ length: 130 }, (_, i) => guess(`guess-${i}`))),
    );
    expect(told.filter((code) => code === 'session.code-invalid')).toHaveLength(100);
    expect(told.filter((code) => code === 'request.too-many-guesses')).toHaveLength(30);
    expect(auth.codeExchanges()).toBe(exchanges + 100);
    auth.passTime(-60_000);
    // Neither by the right code from there; but from elsewhere, and there on a device that was logged in before.
    expect(await guess(auth.codeOf('gus'))).toBe('request.too-many-guesses');
    expect((await logIn(auth.codeOf('gus'), from('192.0.2.2'))).body.user.id).toBe(id);
    expect((await logIn(auth.codeOf('gus'), from('192.0.2.1', { knownUserId: id }))).body.user.id).toBe(id);
    auth.passTime(62_000);
    expect((await logIn(auth.codeOf('gus'), from('192.0.2.1'))).body.user.id).toBe(id);
  });

  it('refuses a code that was used, and what is no login', async () => {
    const code = auth.codeOf('fay');
    await logIn(code);
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code })).toBe('session.code-invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat', code, openid: 'x' })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.logIn, { provider: 'wechat' })).toBe('request.invalid');
  });
});
