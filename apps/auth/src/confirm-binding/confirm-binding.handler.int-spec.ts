import { AppBindingView, authSubjects, BindingView, Page } from '@hark/contracts';
import { hashCredential } from '@hark/credentials';
import { EventStore } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { miniProgramAppIdOf } from '../domain/auth-ids';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app says whom it means by an openid', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let alice: Somebody;
  let eve: Somebody;
  let app: { appId: string; credential: string };
  let store: EventStore;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, alice, eve] = [await auth.somebody('owner'), await auth.somebody('alice'), await auth.somebody('eve')];
    app = await auth.app(owner);
    store = auth.service.app.get(EventStore);
  });
  afterAll(() => auth.close());

  const bind = (user: Somebody, openid: string, appId = app.appId) => auth.bindTo(appId, user, openid);
  const confirm = (bindingId: string, openid: string, more = {}) =>
    auth.ask<AppBindingView>(authSubjects.confirmBinding, { ...app, bindingId, openid, ...more });
  const refusalToConfirm = (bindingId: string, openid: string, more = {}) =>
    auth.refusal(authSubjects.confirmBinding, { ...app, bindingId, openid, ...more });
  const refuse = (bindingId: string) => auth.ask<AppBindingView>(authSubjects.refuseBinding, { ...app, bindingId });
  const types = async (category: string, id: string) => (await store.read(category, id)).map(({ event }) => event.type);
  const list = async (position?: string, from = app) =>
    (await auth.ask<Page<AppBindingView>>(authSubjects.listAppBindings, from, position ? { position } : {})).body.items;

  it('after listing who claims it: one is confirmed, the other refused', async () => {
    const evil = await bind(eve, 'tenant-42');
    const good = await bind(alice, 'tenant-42');
    const { position } = await alice.ask(authSubjects.changeBinding, { bindingId: good.bindingId, level: 'weak' });
    const claims = (await list(position)).filter(({ openid }) => openid === 'tenant-42');
    expect(claims.map(({ bindingId }) => bindingId)).toEqual([good.bindingId, evil.bindingId]);
    expect(claims[0]).toEqual({
      openid: 'tenant-42',
      bindingId: good.bindingId,
      status: 'active',
      confirmed: false,
      boundAt: expect.any(String) as string,
    });
    expect((await confirm(good.bindingId, 'tenant-42')).body).toEqual({ ...claims[0], confirmed: true });
    const refused = await refuse(evil.bindingId);
    expect(refused.body).toMatchObject({ bindingId: evil.bindingId, openid: 'tenant-42', status: 'unbound' });
    const after = (await list(refused.position)).filter(({ openid }) => openid === 'tenant-42');
    expect(after.map(({ status, confirmed }) => [status, confirmed])).toEqual([
      ['active', true],
      ['unbound', false],
    ]);
    expect((await eve.ask<BindingView>(authSubjects.getBinding, { bindingId: evil.bindingId })).body.status).toBe(
      'unbound',
    );
  });

  it('again, with nothing new', async () => {
    const { bindingId } = await bind(alice, 'again');
    const [one, two] = [await confirm(bindingId, 'again'), await confirm(bindingId, 'again')];
    expect(two).toEqual(one);
    await refuse(bindingId);
    await refuse(bindingId);
    expect(await types('binding', bindingId)).toEqual(['binding.bound', 'binding.confirmed', 'binding.refused']);
    expect(await types('openid', openidIdOf(app.appId, 'again'))).toEqual(['openid.claimed', 'openid.confirmed']);
  });

  it('for one of two, however often both are confirmed at once', async () => {
    const both = [await bind(alice, 'raced'), await bind(eve, 'raced')];
    const asked = Array.from({ length: 40 }, (_, index) => both[index % 2]!.bindingId);
    const outcomes = await Promise.all(
      asked.map((bindingId) =>
        confirm(bindingId, 'raced').then(
          () => bindingId,
          (error: { code: string }) => error.code,
        ),
      ),
    );
    const winners = new Set(outcomes.filter((outcome) => outcome !== 'binding.openid-taken'));
    expect(winners.size).toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'binding.openid-taken')).toHaveLength(20);
    const confirmed = await Promise.all(
      both.map(async ({ bindingId }) => (await types('binding', bindingId)).includes('binding.confirmed')),
    );
    expect(confirmed.filter(Boolean)).toHaveLength(1);
  });

  it('for another person once it has refused the first, or the first has ended it', async () => {
    const evil = await bind(eve, 'passed-on');
    const good = await bind(alice, 'passed-on');
    await confirm(evil.bindingId, 'passed-on');
    expect(await refusalToConfirm(good.bindingId, 'passed-on')).toBe('binding.openid-taken');
    await refuse(evil.bindingId);
    expect((await confirm(good.bindingId, 'passed-on')).body.confirmed).toBe(true);
    await alice.ask(authSubjects.unbind, { bindingId: good.bindingId });
    const again = await bind(eve, 'passed-on');
    expect(again.bindingId).toBe(evil.bindingId);
    expect((await confirm(again.bindingId, 'passed-on')).body.confirmed).toBe(true);
  });

  it('consent by consent: a new one is not confirmed by what was said of the old', async () => {
    const { bindingId } = await bind(alice, 'anew');
    await confirm(bindingId, 'anew');
    await alice.ask(authSubjects.unbind, { bindingId });
    expect(await refusalToConfirm(bindingId, 'anew')).toBe('binding.ended');
    await bind(alice, 'anew');
    const { position } = await alice.ask(authSubjects.changeBinding, { bindingId, muted: true });
    expect((await list(position)).find((one) => one.bindingId === bindingId)).toMatchObject({ confirmed: false });
  });

  it('by showing the key it was handed, which is noted as well', async () => {
    const { bindingId, key } = await bind(alice, 'keyed');
    expect((await confirm(bindingId, 'keyed', { key })).body.confirmed).toBe(true);
    expect(await types('binding', bindingId)).toEqual(['binding.bound', 'binding.confirmed', 'binding.key-presented']);
    const other = await bind(alice, 'keyed-2');
    expect(await refusalToConfirm(other.bindingId, 'keyed-2', { key })).toBe('key.invalid');
    expect(await refusalToConfirm(other.bindingId, 'keyed-2', { key: 'has_nonsense' })).toBe('key.invalid');
    expect(await types('binding', other.bindingId)).toEqual(['binding.bound']);
  });

  it('and nobody else says it for it', async () => {
    const { bindingId } = await bind(alice, 'own');
    const foreign = await auth.app(owner);
    const foreignBinding = await bind(alice, 'own', foreign.appId);
    const cases: [object, string][] = [
      [{ openid: 'another' }, 'binding.unknown'],
      [{ bindingId: foreignBinding.bindingId }, 'binding.unknown'],
      [{ bindingId: uuid7() }, 'binding.unknown'],
      [{ bindingId: 'nonsense' }, 'binding.unknown'],
      [{ appId: foreign.appId }, 'app.unknown'],
      [{ credential: foreign.credential }, 'app.unknown'],
      [{ credential: 'has_nonsense' }, 'key.invalid'],
      [{ openid: undefined }, 'request.invalid'],
      [{ more: 1 }, 'request.invalid'],
    ];
    for (const [change, code] of cases) {
      expect(await refusalToConfirm(bindingId, 'own', change)).toBe(code);
    }
    expect(await types('binding', bindingId)).toEqual(['binding.bound']);
  });

  it('but not of a mini program that was registered when that needed no proof, except by the key', async () => {
    const wechatAppId = 'wx00000000000000c7';
    const taken = miniProgramAppIdOf(wechatAppId);
    const { appId, credential } = await auth.app(owner);
    const [registered] = await store.read('app', appId);
    const secret = credential.replace(appId.replaceAll('-', ''), taken.replaceAll('-', ''));
    const data = { ...registered!.event.data, wechatAppId, secretHash: hashCredential(secret) };
    const context = { commandId: uuid7(), requestId: uuid7(), correlationId: uuid7(), actor: 'service:test' };
    await store.append('app', taken, 'no-stream', [{ type: 'app.registered', data }], context);
    const { bindingId, key } = await bind(alice, 'mini', taken);
    const asked = { appId: taken, credential: secret };
    expect(await auth.refusal(authSubjects.listAppBindings, asked)).toBe('app.wechat-app-id-unproven');
    expect(await refusalToConfirm(bindingId, 'mini', asked)).toBe('app.wechat-app-id-unproven');
    expect((await confirm(bindingId, 'mini', { ...asked, key })).body.confirmed).toBe(true);
  });
});
