import { DataSource } from 'typeorm';
import { AppBindingView, authSubjects, Page, RegisterAppReply } from '@hark/contracts';
import { hashCredential, parseCredential } from '@hark/credentials';
import { EventStore } from '@hark/eventstore';
import { HarkError, uuid7 } from '@hark/kernel';
import { idempotent } from '@hark/testing';
import { miniProgramAppIdOf } from '../domain/auth-ids';
import { skeletonOf } from '../domain/name-skeleton';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('apps of an owner', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let stranger: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, stranger] = [await auth.somebody('owner'), await auth.somebody('stranger')];
  });
  afterAll(() => auth.close());

  const register = (asked: object, meta = {}) => owner.ask<RegisterAppReply>(authSubjects.registerApp, asked, meta);

  it('are registered with a secret that is shown once and kept as a hash', async () => {
    const asked = {
      name: ' Ｔickets ',
      description: '派单',
      homepage: 'https://a.example/',
    };
    const { body } = await register(asked);
    expect(body.app).toEqual({
      ...asked,
      name: 'Tickets',
      id: expect.any(String),
      ownerId: owner.id,
      verified: false,
      redirectUris: [],
      createdAt: expect.any(String),
    });
    expect(parseCredential(body.secret)).toMatchObject({ kind: 'app', id: body.app.id });
    const [registered] = await auth.service.app.get(EventStore).read('app', body.app.id);
    expect(registered!.event.data).toMatchObject({ secretHash: hashCredential(body.secret) });
    expect(registered!.metadata.actor).toBe(`user:${owner.id}`);
    expect(JSON.stringify(registered!.event)).not.toContain(body.secret);
  });

  it('are registered once by a repeated request, with the same secret', async () => {
    const meta = idempotent();
    const first = await register({ name: 'Repeated' }, meta);
    const second = await register({ name: 'Repeated' }, meta);
    expect(second).toEqual({ ...first, replayed: true });
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await owner.refusal(authSubjects.registerApp, { name: 'Other' }, other)).toBe('idempotency.mismatch');
  });

  it('name a mini program as a wish, which keeps nobody out and meets none of its users', async () => {
    const wechatAppId = 'wx00000000000000b1';
    const [mine, theirs] = [
      (await register({ name: 'Mine', wechatAppId })).body,
      (await stranger.ask<RegisterAppReply>(authSubjects.registerApp, { name: 'Theirs', wechatAppId })).body,
    ];
    for (const { app } of [mine, theirs]) {
      expect(app).toMatchObject({ wechatAppId, wechatAppIdProven: false, verified: false });
    }
    const told = (await owner.ask(authSubjects.getApp, { appId: mine.app.id })).body;
    expect(told).toEqual({ ...mine.app, secrets: [{}] });
    const { binding } = await auth.bind(stranger, 'o-1', wechatAppId);
    expect([mine.app.id, theirs.app.id]).not.toContain(binding.app.id);
    const { items } = (
      await auth.ask<Page<AppBindingView>>(
        authSubjects.listAppBindings,
        { appId: mine.app.id, credential: mine.secret },
        {
          position: (await stranger.ask(authSubjects.changeBinding, { bindingId: binding.id, muted: true })).position!,
        },
      )
    ).body;
    expect(items).toEqual([]);
  });

  it('cannot be taken for the hub or for a verified app', async () => {
    // No way to be verified yet: the row stands in for one that was.
    await auth.service.app.get(DataSource).query(
      `insert into auth.apps (app_id, name, name_skeleton, facts, verified, deleted, place, created_at)
       values ($1, 'Zenith', $2, '{}', true, false, 0, now())`,
      [uuid7(), skeletonOf('Zenith')],
    );
    for (const name of ['Zenith', 'Zen-ith', 'ZENITH', 'Zenıth', 'ᴢenith', 'Hark', 'Pаypal', '微信']) {
      expect(await owner.refusal(authSubjects.registerApp, { name })).toBe('app.name-confusable');
    }
    await register({ name: 'Hacker密码' });
  });

  it('are judged by their texts like any other text, and not taken without a verdict', async () => {
    auth.verdicts.push(
      { contains: '代开发票', says: 'blocked' },
      { contains: '可疑', says: 'held' },
      { contains: '没人回答', says: 'nothing' },
      { contains: '无人值守', says: 'away' },
    );
    const refused = async (asked: object) =>
      register({ name: 'Judged', ...asked }).then(
        () => 'taken',
        ({ code, detail }: HarkError) => [code, ...(detail.errors ?? []).map(({ path }) => path)].join(' '),
      );
    expect(await refused({ name: '代开发票 加微信abc' })).toBe('app.name-confusable');
    expect(await refused({ name: '代开发票 加我' })).toBe('app.name-refused name');
    expect(await refused({ name: '代开\u200b发票' })).toBe('request.invalid name');
    expect(await refused({ name: '可疑' })).toBe('app.name-refused name');
    expect(await refused({ description: '专业代开发票' })).toBe('app.text-refused description');
    expect(await refused({ homepage: 'https://a.example/可疑' })).toBe('app.text-refused homepage');
    expect(await refused({ name: '没人回答' })).toBe('app.name-refused name');
    expect(await refused({ name: '无人值守' })).toBe('service.unavailable');
    const mini = { wechatAppId: 'wx00000000000000d1', openid: 'o' };
    expect(await owner.refusal(authSubjects.bind, { ...mini, appName: '代开发票' })).toBe('app.name-refused');
    expect(await owner.refusal(authSubjects.bind, { ...mini, appName: '无人值守' })).toBe('service.unavailable');
    expect(await auth.service.app.get(EventStore).read('app', miniProgramAppIdOf(mini.wechatAppId))).toEqual([]);
  });

  it('are answered to a repeated request as they were, whatever is thought of the name by then', async () => {
    const meta = idempotent();
    const first = await register({ name: 'Later blocked' }, meta);
    auth.verdicts.push({ contains: 'Later blocked', says: 'blocked' });
    expect(await register({ name: 'Later blocked' }, meta)).toEqual({ ...first, replayed: true });
  });

  it('say where people may be sent back to, each address once', async () => {
    const redirectUris = ['https://a.example/back', 'http://localhost:8080/', 'https://a.example/back'];
    const { body } = await register({ name: 'Web', redirectUris });
    expect(body.app.redirectUris).toEqual(redirectUris.slice(0, 2));
    expect((await register({ name: 'Web', redirectUris: [] })).body.app.redirectUris).toEqual([]);
    const refused = register({ name: 'Web', redirectUris: ['https://a.example/', 'http://a.example/'] });
    await expect(refused).rejects.toMatchObject({ detail: { errors: [{ path: 'redirectUris.1' }] } });
  });

  it('are called at a public address, with a secret that is shown once', async () => {
    const asked = { name: 'Called', callbackUrl: 'https://a.example/cb' };
    const meta = idempotent();
    const { body } = await register(asked, meta);
    expect(body.app.callbackUrl).toBe(asked.callbackUrl);
    expect(body.callbackSecret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect((await register(asked, meta)).body).toEqual(body);
    const stored = await auth.service.app.get(EventStore).read('app', body.app.id);
    expect(JSON.stringify(stored.map(({ event }) => event))).not.toContain(body.callbackSecret!.slice(6));
    for (const callbackUrl of [
      'http://a.example/',
      'https://10.0.0.1/',
      'https://localhost/',
      'https://a.example/#x',
    ]) {
      await expect(register({ ...asked, callbackUrl })).rejects.toMatchObject({
        code: 'request.invalid',
        detail: { errors: [{ path: 'callbackUrl' }] },
      });
    }
  });

  it('are refused with everything that is wrong, and without a person', async () => {
    expect(await owner.refusal(authSubjects.registerApp, { name: 'x', owner: 'y' })).toBe('request.invalid');
    expect(await owner.refusal(authSubjects.registerApp, { name: '\u200b' })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.registerApp, { name: 'x' })).toBe('session.required');
    const caller = { kind: 'service' as const, service: 'intake', roles: [] };
    expect(await auth.refusal(authSubjects.registerApp, { name: 'x' }, { caller })).toBe('session.required');
  });
});
