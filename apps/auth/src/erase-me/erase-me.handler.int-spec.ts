import { authSubjects, EndpointView, EraseMeReply } from '@hark/contracts';
import { until } from '@hark/testing';
import { Vault } from '@hark/vault';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { ErasedKeys, reactorsMs } from './erased-keys.service';

describe('erasing oneself', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const rowsOf = (sql: string, ...values: unknown[]) => auth.harness.sql<{ id: string }>(sql, values);

  const addMailbox = async (user: Somebody, address: string, proved: boolean) => {
    const { body } = await user.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'email', address });
    const mail = await until(() => auth.mailsTo(address)[0], { what: 'the code' });
    const code = /\d{6}/.exec(mail.subject)![0];
    if (proved) await user.ask(authSubjects.verifyEndpoint, { endpointId: body.id, code });
  };
  const keyGone = (user: Somebody) => {
    const sql = 'select 1 as id from vault.person_keys where person_id = $1 and wrapped_key is not null';
    return until(async () => (await rowsOf(sql, user.id)).length === 0, { what: 'the key is destroyed' });
  };

  it('ends session, consents, endpoints and apps, and destroys the key; logging in again makes a new user', async () => {
    const ben = await auth.somebody('ben');
    const bens = await auth.app(ben);
    const anns = await auth.app(ann);
    const kept = await auth.bindTo(bens.appId, ben, 'b-1');
    const bound = await auth.bindTo(bens.appId, ann, 'a-1');
    const ended = await auth.bindTo(bens.appId, ann, 'a-2');
    await ann.ask(authSubjects.unbind, { bindingId: ended.bindingId });
    await ann.ask(authSubjects.bind, { wechatAppId: 'wx0123456789abcdef', appName: '安的程序', openid: 'a-3' });
    await ann.ask(authSubjects.addEndpoint, { kind: 'bark', deviceKey: 'anns-phone' });

    const { body } = await ann.ask<EraseMeReply>(authSubjects.eraseMe);
    expect(body).toEqual({ status: 'erasing', finishedBy: expect.any(String) as string });
    // At once, whatever is left to be done.
    expect(await auth.check(ann.session)).toBe('session.invalid');
    const { refreshToken } = ann.session;
    expect(await auth.refusal(authSubjects.refresh, { refreshToken })).toBe('session.invalid');
    expect(await ann.refusal(authSubjects.bind, { appId: bens.appId, openid: 'a-4' })).toBe('session.invalid');
    expect(await ann.refusal(authSubjects.registerApp, { name: 'Late' })).toBe('session.invalid');
    expect(await ann.refusal(authSubjects.addEndpoint, { kind: 'bark', deviceKey: 'late' })).toMatch(
      /^session\.invalid|person\.erased$/,
    );
    // The same again is the same.
    expect((await ann.ask<EraseMeReply>(authSubjects.eraseMe)).body.status).toBe('erasing');

    const left = async () => [
      ...(await rowsOf('select binding_id as id from auth.bindings where person_id = $1', ann.id)),
      ...(await rowsOf('select endpoint_id as id from auth.endpoints where person_id = $1', ann.id)),
      ...(await rowsOf('select app_id as id from auth.apps where owner_id = $1 and not deleted', ann.id)),
      ...(await rowsOf(
        'select person_id as id from vault.person_keys where person_id = $1 and wrapped_key is not null',
        ann.id,
      )),
    ];
    await until(async () => (await left()).length === 0, { what: 'nothing of the person is left' });
    expect(await auth.refusal(authSubjects.getAppPublic, { appId: anns.appId })).toBe('app.unknown');
    expect(await rowsOf('select binding_id as id from auth.bindings where binding_id = $1', bound.bindingId)).toEqual(
      [],
    );
    expect(
      await rowsOf('select binding_id as id from auth.bindings where binding_id = $1', kept.bindingId),
    ).toHaveLength(1);

    const again = await auth.somebody('ann');
    expect(again.id).not.toBe(ann.id);
    await auth.bindTo(bens.appId, again, 'a-1');
    ann = again;
  });

  it('is told by a last mail, to every mailbox of theirs, while the mail server is there', async () => {
    const cat = await auth.somebody('cat');
    const addresses = ['Cat@Mail.example', 'cat@work.example', 'not-cats@mail.example'];
    for (const address of addresses) await addMailbox(cat, address, !address.startsWith('not'));
    await cat.ask(authSubjects.changeMe, { locale: 'en' });
    await cat.ask(authSubjects.eraseMe);
    for (const address of addresses.slice(0, 2)) {
      const last = await until(() => auth.mailsTo(address)[1], { what: 'the last mail' });
      expect(last.subject).toBe('Your Hark account is erased');
      expect(last.text).toContain('If it was not you');
    }
    await keyGone(cat);
    expect(auth.mailsTo(addresses[2]!)).toHaveLength(1);

    const dan = await auth.somebody('dan');
    await addMailbox(dan, 'dan@mail.example', true);
    auth.outside.faults.set({ provider: 'mail', mode: 'error', status: 451 });
    await dan.ask(authSubjects.eraseMe);
    await keyGone(dan);
    auth.outside.faults.clear('mail');
    expect(auth.mailsTo('dan@mail.example')).toHaveLength(1);
  });

  it('holds when an older vault is put back, whose key is destroyed again', async () => {
    const [before] = await auth.harness.sql<{ person_id: string; wrapped_key: Buffer }>(
      'select person_id, wrapped_key from vault.person_keys where person_id = $1',
      [ann.id],
    );
    await ann.ask(authSubjects.eraseMe);
    const keyOf = async () => {
      const sql = 'select wrapped_key is null as gone from vault.person_keys where person_id = $1';
      return (await auth.harness.sql<{ gone: boolean }>(sql, [ann.id]))[0]!.gone;
    };
    await until(keyOf, { what: 'the key is gone' });
    await until(
      async () => (await rowsOf('select person_id as id from auth.erasures where person_id = $1', ann.id)).length > 0,
      {
        what: 'the erasure is in its table',
      },
    );
    const putBack = () =>
      auth.harness.sql('update vault.person_keys set wrapped_key = $2 where person_id = $1', [
        ann.id,
        before!.wrapped_key,
      ]);
    await putBack();
    // A new erasure is the reactor's, which mails the person while there is a key.
    expect(await auth.service.app.get(ErasedKeys).sweep(reactorsMs)).toBe(0);
    expect(await keyOf()).toBe(false);
    auth.passTime(reactorsMs);
    await auth.service.app.get(ErasedKeys).sweep(reactorsMs);
    expect(await keyOf()).toBe(true);
    // All of them at a start.
    await putBack();
    await auth.restart({});
    await until(keyOf, { what: 'the key is gone after a start' });
    await expect(auth.service.app.get(Vault).seal(ann.id, 'x', 'y')).rejects.toMatchObject({ code: 'person.erased' });
  });
});
