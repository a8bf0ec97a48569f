import {
  aadOf,
  AppPublicView,
  authSubjects,
  BindingEvent,
  BindingView,
  BindReply,
  OpenidEvent,
  Page,
  RegisterAppReply,
} from '@hark/contracts';
import { hashCredential, parseCredential } from '@hark/credentials';
import { EventStore } from '@hark/eventstore';
import { bindingIdOf, openidIdOf } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { idempotent } from '@hark/testing';
import { Vault } from '@hark/vault';
import { miniProgramAppIdOf } from '../domain/auth-ids';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const mini = { wechatAppId: 'wx0123456789abcdef', appName: 'Hacker密码' };

describe('binding', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  let store: EventStore;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
    store = auth.service.app.get(EventStore);
  });
  afterAll(() => auth.close());

  const bind = (user: Somebody, asked: object, meta = {}) => user.ask<BindReply>(authSubjects.bind, asked, meta);
  const types = async (bindingId: string) => (await store.read('binding', bindingId)).map(({ event }) => event.type);

  it('an unknown mini program makes it an unverified app without owner, and answers as the seed has it', async () => {
    const { body, position } = await bind(ann, { ...mini, openid: 'o-1' });
    expect(body).toMatchObject({ bind: true, errMsg: '' });
    expect(parseCredential(body.key)).toMatchObject({ kind: 'key', id: body.binding.id });
    expect(body.binding).toEqual({
      id: expect.any(String),
      app: {
        id: expect.any(String),
        name: 'Hacker密码',
        nameBy: 'caller',
        verified: false,
        createdAt: expect.any(String),
      },
      openid: 'o-1',
      level: 'strong',
      muted: false,
      channels: null,
      critical: false,
      readReceipts: false,
      status: 'active',
      boundAt: expect.any(String),
    });
    expect(position).toMatch(/^\d+-binding$/);
    const [registered] = await store.read('app', body.binding.app.id);
    expect(registered!.event.data).toMatchObject({ ownerId: null, secretHash: null, verified: false });
    const [bound] = await store.read('binding', body.binding.id);
    expect(bound!.event.data).toMatchObject({ personId: ann.id, keyHash: hashCredential(body.key) });
    expect(JSON.stringify(bound!.event)).not.toMatch(/o-1|Hacker密码/);
    expect(bound!.metadata.actor).toBe(`user:${ann.id}`);
  });

  it('a registered app goes by its id', async () => {
    const { app } = (await ben.ask<RegisterAppReply>(authSubjects.registerApp, { name: 'Registered' })).body;
    const { body } = await bind(ann, { appId: app.id, openid: 'o-2', level: 'weak' });
    expect(body.binding).toMatchObject({ app: { id: app.id, name: 'Registered' }, level: 'weak' });
    expect(await ann.refusal(authSubjects.bind, { appId: uuid7(), openid: 'o-2' })).toBe('app.unknown');
  });

  it('again gives the same binding another key', async () => {
    const first = await bind(ann, { ...mini, openid: 'o-3' });
    const second = await bind(ann, { ...mini, appName: '别的名字', openid: 'o-3' });
    const { app, ...rest } = first.body.binding;
    expect(second.body.binding).toEqual({ ...rest, app: { ...app, name: '别的名字' } });
    expect(second.body.key).not.toBe(first.body.key);
    await bind(ann, { ...mini, appName: '别的名字', openid: 'o-3' });
    expect(await types(first.body.binding.id)).toEqual([
      ...['binding.bound', 'binding.key-rotated', 'binding.app-named'],
      'binding.key-rotated',
    ]);
  });

  it('under an openid that others have claimed too is answered as if nobody had', async () => {
    const users = await Promise.all(['p1', 'p2', 'p3', 'p4'].map((openid) => auth.somebody(openid)));
    const replies = await Promise.all(users.map((user) => bind(user, { ...mini, openid: 'o-5' })));
    const ids = replies.map(({ body }) => body.binding.id);
    expect(new Set(ids).size).toBe(4);
    // Nor does the id tell who came first: it is the openid's for nobody.
    expect(ids).not.toContain(openidIdOf(replies[0]!.body.binding.app.id, 'o-5'));
    for (const [index, { body }] of replies.entries()) {
      const { id: _, boundAt: __, ...seen } = body.binding;
      const { id: ___, boundAt: ____, ...first } = replies[0]!.body.binding;
      expect(seen).toEqual(first);
      expect(
        (await users[index]!.ask<BindingView>(authSubjects.getBinding, { bindingId: body.binding.id })).body,
      ).toEqual(body.binding);
    }
  });

  describe('under an openid that the app has confirmed for somebody else', () => {
    let app: { appId: string; credential: string };
    beforeAll(async () => {
      app = await auth.app(await auth.somebody('owner'));
    });
    const confirm = (bindingId: string, openid: string) =>
      auth.ask(authSubjects.confirmBinding, { ...app, bindingId, openid });
    const refusal = (user: Somebody, openid: string, meta = {}) =>
      user.refusal(authSubjects.bind, { appId: app.appId, openid }, meta);

    it('is refused, and writes nothing', async () => {
      const { bindingId } = await auth.bindTo(app.appId, ann, 'held');
      await confirm(bindingId, 'held');
      expect(await refusal(ben, 'held')).toBe('binding.openid-taken');
      expect(await types(bindingIdOf(app.appId, 'held', ben.id))).toEqual([]);
      expect(await auth.types('openid', openidIdOf(app.appId, 'held'))).toEqual(['claimed', 'confirmed']);
    });

    it('stays open to its own person, who gets the same binding with a new key', async () => {
      const first = await auth.bindTo(app.appId, ann, 'own');
      await confirm(first.bindingId, 'own');
      const again = await auth.bindTo(app.appId, ann, 'own');
      expect(again.bindingId).toBe(first.bindingId);
      expect(again.key).not.toBe(first.key);
    });

    it('leaves a claim from before what it was, and does not renew it once it has ended', async () => {
      const early = await auth.bindTo(app.appId, ben, 'early');
      const { bindingId } = await auth.bindTo(app.appId, ann, 'early');
      await confirm(bindingId, 'early');
      expect((await auth.bindTo(app.appId, ben, 'early')).bindingId).toBe(early.bindingId);
      await ben.ask(authSubjects.unbind, { bindingId: early.bindingId });
      expect(await refusal(ben, 'early')).toBe('binding.openid-taken');
    });

    it('is open again once that person has ended it', async () => {
      const { bindingId } = await auth.bindTo(app.appId, ann, 'freed');
      await confirm(bindingId, 'freed');
      await ann.ask(authSubjects.unbind, { bindingId });
      expect((await auth.bindTo(app.appId, ben, 'freed')).bindingId).toBe(bindingIdOf(app.appId, 'freed', ben.id));
    });

    it('is answered as before where the same call was answered before', async () => {
      const meta = idempotent();
      const asked = { appId: app.appId, openid: 'kept' };
      const first = await bind(ben, asked, meta);
      await ben.ask(authSubjects.unbind, { bindingId: first.body.binding.id });
      const { bindingId } = await auth.bindTo(app.appId, ann, 'kept');
      await confirm(bindingId, 'kept');
      expect((await bind(ben, asked, meta)).body.key).toBe(first.body.key);
      expect(await refusal(ben, 'kept', idempotent('b'.repeat(64)))).toBe('binding.openid-taken');
    });

    it('is decided once, however many bind while the app confirms: whoever came later is refused', async () => {
      const { bindingId } = await auth.bindTo(app.appId, ann, 'crowd');
      const crowd = await Promise.all(Array.from({ length: 8 }, (_, n) => auth.somebody(`crowd-${n}`)));
      const tries = crowd.map((user) =>
        auth.bindTo(app.appId, user, 'crowd').then(
          () => '',
          ({ code }: { code: string }) => code,
        ),
      );
      const [outcomes] = await Promise.all([Promise.all(tries), confirm(bindingId, 'crowd')]);
      const history = await auth.events<OpenidEvent>('openid', openidIdOf(app.appId, 'crowd'));
      const confirmedAt = history.findIndex(({ type }) => type === 'openid.confirmed');
      expect(history.slice(confirmedAt + 1)).toEqual([]);
      const claimants = history.flatMap(({ data }) => ('bindingId' in data ? [data.bindingId] : []));
      for (const [n, user] of crowd.entries()) {
        const hadClaimed = claimants.includes(bindingIdOf(app.appId, 'crowd', user.id));
        expect(outcomes[n]).toBe(hadClaimed ? '' : 'binding.openid-taken');
      }
      expect(await refusal(ben, 'crowd')).toBe('binding.openid-taken');
    });
  });

  // A thousand on demand, with HARK_BIND_RACES=1000.
  const races = Number(process.env['HARK_BIND_RACES'] ?? 20);
  it('of one openid by two people, however often at once, leaves each one binding with one key, and one of them confirmed', async () => {
    const { WECHAT_APP_ID: wechatAppId, WECHAT_APP_SECRET: appSecret } = auth.harness.env as Record<string, string>;
    const asked = { wechatAppId, appName: 'Hacker密码', openid: 'o-raced' };
    const both = [ann, ben];
    const replies: BindReply[] = [];
    for (let n = 0; n < races; n += 100) {
      const wave = Array.from({ length: Math.min(100, races - n) }, (_, i) => bind(both[i % 2]!, asked));
      replies.push(...(await Promise.all(wave)).map(({ body }) => body));
    }
    const ids = both.map((_, index) => replies[index]!.binding.id);
    expect(replies.map(({ binding }) => binding.id)).toEqual(replies.map((_, index) => ids[index % 2]));
    for (const id of ids) {
      const keys = (await auth.events<BindingEvent>('binding', id)).flatMap(({ data }) =>
        'keyHash' in data ? data.keyHash : [],
      );
      expect(keys).toHaveLength(races / 2);
      expect(replies.filter(({ key }) => hashCredential(key) === keys.at(-1))).toHaveLength(1);
    }
    const { body } = await ann.ask<RegisterAppReply>(authSubjects.claimMiniProgram, { wechatAppId, appSecret });
    const app = { appId: body.app.id, credential: body.secret };
    const outcomes = new Set<string>();
    for (let n = 0; n < races; n += 100) {
      const wave = Array.from({ length: Math.min(100, races - n) }, (_, i) => ids[i % 2]!).map((bindingId) =>
        auth.ask(authSubjects.confirmBinding, { ...app, bindingId, openid: asked.openid }).then(
          () => bindingId,
          ({ code }: { code: string }) => code,
        ),
      );
      for (const outcome of await Promise.all(wave)) outcomes.add(outcome);
    }
    const [winner, ...more] = [...outcomes].filter((one) => ids.includes(one));
    expect(more).toEqual([]);
    expect([...outcomes].filter((one) => !ids.includes(one))).toEqual(['binding.openid-taken']);
    // Once the other one has ended theirs, they cannot bind it anew: the mini program's hand-over is refused as well.
    const other = both[1 - ids.indexOf(winner!)]!;
    await other.ask(authSubjects.unbind, { bindingId: ids.find((id) => id !== winner) });
    expect(await other.refusal(authSubjects.bind, asked)).toBe('binding.openid-taken');
  });

  it('finds a person’s binding of an old log under the openid’s own id, and nobody else does', async () => {
    const { app } = (await ben.ask<RegisterAppReply>(authSubjects.registerApp, { name: 'Old' })).body;
    const oldId = openidIdOf(app.id, 'o-old');
    const openid = await auth.service.app.get(Vault).seal(ann.id, 'o-old', aadOf.openid(oldId));
    const data = { appId: app.id, personId: ann.id, openid, consentId: uuid7(), channels: null, at: auth.now() };
    const bound = { type: 'binding.bound', data: { ...data, level: 'strong', keyHash: hashCredential('x') } };
    const context = { commandId: uuid7(), requestId: uuid7(), correlationId: uuid7(), actor: 'service:test' };
    await store.append('binding', oldId, 'no-stream', [bound], context);
    expect((await bind(ann, { appId: app.id, openid: 'o-old' })).body.binding.id).toBe(oldId);
    expect((await bind(ben, { appId: app.id, openid: 'o-old' })).body.binding.id).not.toBe(oldId);
  });

  it('calls an app nobody owns by its mini program’s id, but for the person whose client called it something', async () => {
    const asked = { wechatAppId: 'wx0123456789abcdf0', openid: 'o-name' };
    const annas = (await bind(ann, { ...asked, appName: '安的叫法' })).body.binding;
    const bound = await bind(ben, { ...asked, appName: '本的叫法' });
    const bens = bound.body.binding;
    expect([annas.app.name, bens.app.name]).toEqual(['安的叫法', '本的叫法']);
    const { items } = (await ben.ask<Page<BindingView>>(authSubjects.listBindings, {}, { position: bound.position! }))
      .body;
    expect(items.map(({ app }) => app.name)).toContain('本的叫法');
    const seen = (await auth.ask<AppPublicView>(authSubjects.getAppPublic, { appId: annas.app.id })).body;
    expect(seen).toMatchObject({ name: asked.wechatAppId, verified: false });
    expect((await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: annas.id })).body.app.name).toBe(
      '安的叫法',
    );
    // Old logs hold it in clear.
    await auth.append('binding', annas.id, {
      type: 'binding.app-named',
      data: { appName: '旧的叫法', at: auth.now() },
    });
    expect((await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: annas.id })).body.app.name).toBe(
      '旧的叫法',
    );
  });

  it('does not mean whoever registered the mini program when that needed no proof', async () => {
    const wechatAppId = 'wx0123456789abcdf1';
    const data = { ownerId: ben.id, name: 'Taken', wechatAppId, redirectUris: [], verified: false, at: auth.now() };
    const registered = { type: 'app.registered', data: { ...data, secretHash: hashCredential('x') } };
    const context = { commandId: uuid7(), requestId: uuid7(), correlationId: uuid7(), actor: 'service:test' };
    await store.append('app', miniProgramAppIdOf(wechatAppId), 'no-stream', [registered], context);
    const { binding } = (await bind(ann, { wechatAppId, appName: '某程序', openid: 'o-12' })).body;
    expect(binding.app.id).not.toBe(miniProgramAppIdOf(wechatAppId));
    expect((await store.read('app', binding.app.id))[0]!.event.data).toMatchObject({ ownerId: null, wechatAppId });
  });

  it('after unbinding is a new consent under the same id', async () => {
    const first = await bind(ann, { ...mini, openid: 'o-6' });
    const { id } = first.body.binding;
    await ann.ask(authSubjects.unbind, { bindingId: id });
    const second = await bind(ann, { ...mini, openid: 'o-6' });
    expect(second.body.binding).toMatchObject({ id, status: 'active' });
    const consents = (await store.read('binding', id)).flatMap(({ event }) =>
      event.type === 'binding.bound' ? [(event.data as { consentId: string }).consentId] : [],
    );
    expect(new Set(consents).size).toBe(2);
  });

  it('is refused while the person blocks the app, under any openid, and open again after', async () => {
    const other = { ...mini, wechatAppId: 'wx0123456789abcde1' };
    const { binding } = (await bind(ann, { ...other, openid: 'o-7' })).body;
    await ann.ask(authSubjects.block, { bindingId: binding.id });
    expect(await ann.refusal(authSubjects.bind, { ...other, openid: 'o-7' })).toBe('binding.app-blocked');
    expect(await ann.refusal(authSubjects.bind, { ...other, openid: 'o-8' })).toBe('binding.app-blocked');
    await bind(ben, { ...other, openid: 'o-9' });
    await ann.ask(authSubjects.unblock, { appId: binding.app.id });
    expect((await bind(ann, { ...other, openid: 'o-7' })).body.binding.status).toBe('active');
  });

  it('repeated under one command answers the same key and binding, whatever came since', async () => {
    const meta = idempotent();
    const asked = { ...mini, openid: 'o-10' };
    const first = await bind(ann, asked, meta);
    const bindingId = first.body.binding.id;
    await ann.ask(authSubjects.changeBinding, { bindingId, level: 'none' });
    const second = await bind(ann, asked, meta);
    expect(second.body).toEqual(first.body);
    expect(second.replayed).toBe(true);
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await ann.refusal(authSubjects.bind, { ...asked, level: 'weak' }, other)).toBe('idempotency.mismatch');
    // Which stream is changed follows from the body, so the stream alone would not know the key.
    const elsewhere = { ...asked, openid: 'o-10-elsewhere' };
    expect(await ann.refusal(authSubjects.bind, elsewhere, other)).toBe('idempotency.mismatch');
    // The repeat of an old command brings neither its key nor its consent back.
    await bind(ann, asked);
    await ann.ask(authSubjects.unbind, { bindingId });
    await bind(ann, asked, meta);
    expect((await ann.ask<BindingView>(authSubjects.getBinding, { bindingId })).body.status).toBe('unbound');
  });

  it('needs a person who is registered, and nothing unknown in the request', async () => {
    const asked = { ...mini, openid: 'o-11' };
    expect(await auth.refusal(authSubjects.bind, asked)).toBe('session.required');
    const caller = { kind: 'user' as const, userId: uuid7(), roles: ['user'] };
    expect(await auth.refusal(authSubjects.bind, asked, { caller })).toBe('session.invalid');
    expect(await ann.refusal(authSubjects.bind, { ...asked, personId: ben.id })).toBe('request.invalid');
    expect(await ann.refusal(authSubjects.bind, { ...asked, wechatAppId: 'nonsense' })).toBe('request.invalid');
    expect(await ann.refusal(authSubjects.bind, { ...asked, wechatAppId: 'wx0123456789abcde2', appName: '微信' })).toBe(
      'app.name-confusable',
    );
    await expect(ann.ask(authSubjects.bind, { ...asked, extra: 1 })).rejects.toMatchObject({
      detail: { errors: [{ path: 'extra', message: expect.stringContaining('unknown field') as string }] },
    });
  });
});
