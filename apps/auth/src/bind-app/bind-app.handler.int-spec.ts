import { AppPublicView, authSubjects, BindingView, BindReply, RegisterAppReply } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { hashCredential, parseCredential } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { AuthStack, idempotent, Somebody } from '../testing/start-auth-spec';

const mini = { wechatAppId: 'wx0123456789abcdef', appName: 'Hacker密码' };

describe('binding', () => {
  let auth: AuthStack;
  let ann: Somebody;
  let ben: Somebody;
  let store: EventStore;
  beforeAll(async () => {
    auth = await AuthStack.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
    store = auth.service.app.get(EventStore);
  });
  afterAll(() => auth.close());

  const bind = (person: Somebody, asked: object, meta = {}) => person.ask<BindReply>(authSubjects.bind, asked, meta);
  const types = async (bindingId: string) => (await store.read('binding', bindingId)).map(({ event }) => event.type);

  it('an unknown mini program makes it an unverified app without owner, and answers as the seed has it', async () => {
    const { body, position } = await bind(ann, { ...mini, openid: 'o-1' });
    expect(body).toMatchObject({ bind: true, errMsg: '' });
    expect(parseCredential(body.key)).toMatchObject({ kind: 'key', id: body.binding.id });
    expect(body.binding).toEqual({
      id: expect.any(String),
      app: { id: expect.any(String), name: 'Hacker密码', verified: false, createdAt: expect.any(String) },
      openid: 'o-1',
      level: 'strong',
      muted: false,
      status: 'active',
      boundAt: expect.any(String),
    });
    expect(position).toMatch(/^\d+-binding$/);
    const [registered] = await store.read('app', body.binding.app.id);
    expect(registered!.event.data).toMatchObject({ ownerId: null, secretHash: null, verified: false });
    expect((await auth.ask<AppPublicView>(authSubjects.getAppPublic, { appId: body.binding.app.id })).body.name).toBe(
      'Hacker密码',
    );
    const [bound] = await store.read('binding', body.binding.id);
    expect(bound!.event.data).toMatchObject({ personId: ann.id, keyHash: hashCredential(body.key) });
    expect(JSON.stringify(bound!.event)).not.toContain('o-1');
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
    expect(second.body.binding).toEqual(first.body.binding);
    expect(second.body.key).not.toBe(first.body.key);
    expect(await types(first.body.binding.id)).toEqual(['binding.bound', 'binding.key-rotated']);
  });

  it('is refused to another person while one holds the openid', async () => {
    await bind(ann, { ...mini, openid: 'o-4' });
    expect(await ben.refusal(authSubjects.bind, { ...mini, openid: 'o-4' })).toBe('binding.openid-taken');
  });

  it('of one openid by many at once goes to one of them', async () => {
    const people = await Promise.all(['p1', 'p2', 'p3', 'p4'].map((openid) => auth.somebody(openid)));
    const outcomes = await Promise.all(
      people.map((person) =>
        bind(person, { ...mini, openid: 'o-5' }).then(
          () => 'bound',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(3).fill('binding.openid-taken'), 'bound']);
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
    await ann.ask(authSubjects.setLevel, { bindingId, level: 'none' });
    const second = await bind(ann, asked, meta);
    expect(second.body).toEqual(first.body);
    expect(second.replayed).toBe(true);
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await ann.refusal(authSubjects.bind, { ...asked, level: 'weak' }, other)).toBe('idempotency.mismatch');
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
      detail: { errors: [{ path: 'extra', message: 'unknown field' }] },
    });
  });
});
