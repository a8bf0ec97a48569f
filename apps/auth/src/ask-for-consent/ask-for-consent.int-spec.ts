import { createHash, randomBytes } from 'node:crypto';
import {
  AppBindingView,
  ApprovedReply,
  authSubjects,
  BindingRequestEvent,
  BindingRequestView,
  BindingView,
  DeclinedReply,
  ExchangedReply,
  OpenedBindingRequest,
  Page,
  RegisterAppReply,
  TermsView,
} from '@hark/contracts';
import { parseCredential } from '@hark/credentials';
import { openidIdOf } from '@hark/gate';
import { HarkError, uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { idempotent, until } from '@hark/testing';
import { BindingStore } from '../binding.store';
import { finishAfterMs } from '../domain/binding-request.decider';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const back = 'https://tickets.example/bound?tenant=7';
const publicUrl = 'https://hark.example/';
/** How many redeem one code at once, and how often two people agree to one openid at once; thousands on demand. */
const racers = Number(process.env.HARK_RACERS ?? 40);

describe('asking a person for consent', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  let ben: Somebody;
  let app: { appId: string; credential: string };
  let other: typeof app;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, ann, ben] = [await auth.somebody('owner'), await auth.somebody('ann'), await auth.somebody('ben')];
    [app, other] = [await registered('Tickets'), await registered('Other')];
  });
  afterAll(() => auth.close());

  const registered = async (name: string) => {
    const asked = { name, redirectUris: [back, 'http://localhost:8080/cb', back] };
    const { body } = await owner.ask<RegisterAppReply>(authSubjects.registerApp, asked);
    return { appId: body.app.id, credential: body.secret };
  };
  const open = async (asked: object = {}, meta: RpcOptions = {}, by = app) =>
    (
      await auth.ask<OpenedBindingRequest>(
        authSubjects.openBindingRequest,
        { openid: uuid7(), publicUrl, credential: by.credential, ...asked },
        meta,
      )
    ).body;
  const show = async (who: Somebody, requestId: string, meta: RpcOptions = {}) =>
    (await who.ask<BindingRequestView>(authSubjects.getBindingRequest, { requestId }, meta)).body;
  const approve = async (who: Somebody, requestId: string, more: object = {}, meta: RpcOptions = {}) =>
    (await who.ask<ApprovedReply>(authSubjects.approveBindingRequest, { requestId, ...more }, meta)).body;
  const refusalToApprove = (who: Somebody, requestId: string, more: object = {}) =>
    who.refusal(authSubjects.approveBindingRequest, { requestId, ...more });
  const decline = async (who: Somebody, requestId: string) =>
    (await who.ask<DeclinedReply>(authSubjects.declineBindingRequest, { requestId })).body;
  const exchange = async (code: string, more: object = {}, meta: RpcOptions = {}) =>
    (await auth.ask<ExchangedReply>(authSubjects.exchangeCode, { code, ...app, appId: undefined, ...more }, meta)).body;
  const refusalToExchange = (code: string, more: object = {}) =>
    auth.refusal(authSubjects.exchangeCode, { code, credential: app.credential, ...more });
  const codeIn = (redirectTo: string | undefined) => new URL(redirectTo!).searchParams.get('code')!;
  const confirmedUnder = async (openid: string) => {
    // Everything before this write is in the list.
    const { position } = await owner.ask(authSubjects.bind, { appId: other.appId, openid: 'now' });
    const { body } = await auth.ask<Page<AppBindingView>>(authSubjects.listAppBindings, app, { position: position! });
    return body.items.filter((one) => one.openid === openid && one.confirmed && one.status === 'active');
  };

  it('shows who asks and what for, and keeps to itself what it need not show', async () => {
    const { id, url, qr, expiresAt } = await open({
      openid: 'customer-1024',
      redirectUri: back,
      purpose: '  工单   1024 ',
      state: 's',
    });
    expect(url).toBe(`https://hark.example/consent/${id}`);
    expect(qr).toMatch(/^<svg /);
    const seen = await show(ann, id, { locale: 'en' });
    expect(seen).toEqual({
      app: expect.objectContaining({ id: app.appId, name: 'Tickets', verified: false }) as object,
      purpose: '工单 1024',
      openidHint: 'cu••••24',
      domain: 'tickets.example',
      terms: {
        version: 1,
        language: 'en',
        text: expect.stringContaining('“Tickets”') as string,
        hash: expect.any(String) as string,
      },
      expiresAt,
    });
    expect(createHash('sha256').update(seen.terms.text).digest('hex')).toBe(seen.terms.hash);
    const [opened] = await auth.events('binding_request', id);
    for (const text of ['customer-1024', '工单']) expect(JSON.stringify(opened)).not.toContain(text);
    expect(await auth.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('session.required');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: uuid7() })).toBe('binding-request.unknown');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: 'x' })).toBe('binding-request.unknown');
  });

  it.each<[string, object, string]>([
    [
      'an address that is not registered',
      { redirectUri: 'https://tickets.example/bound' },
      'binding-request.redirect-unregistered',
    ],
    ['one that is longer', { redirectUri: `${back}&x=1` }, 'binding-request.redirect-unregistered'],
    ['one with a fragment', { redirectUri: `${back}#x` }, 'binding-request.redirect-unregistered'],
    ['one written otherwise', { redirectUri: back.replace('https', 'HTTPS') }, 'binding-request.redirect-unregistered'],
    ['a challenge without a way back', { codeChallenge: 'c'.repeat(43) }, 'request.invalid'],
    ['a plain challenge', { redirectUri: back, codeChallenge: 'c'.repeat(44) }, 'request.invalid'],
    ['a purpose that reads otherwise than it is written', { purpose: '工单\u202e 1024' }, 'request.invalid'],
    ['a purpose that cannot be seen', { purpose: '\u200b' }, 'request.invalid'],
    ['a purpose that moderation blocks', { purpose: '代开发票' }, 'app.text-refused'],
    ['no openid', { openid: '' }, 'request.invalid'],
    ['more than is asked', { personId: uuid7() }, 'request.invalid'],
    ['another secret', { credential: 'has_nonsense' }, 'key.invalid'],
  ])('is refused with %s', async (_, asked, code) => {
    auth.verdicts.push({ contains: '代开发票', says: 'blocked' });
    const all = { openid: 'o', publicUrl, credential: app.credential, ...asked };
    expect(await auth.refusal(authSubjects.openBindingRequest, all)).toBe(code);
  });

  it('under one Idempotency-Key is one request, whose id nobody can guess', async () => {
    const meta = idempotent();
    const asked = { openid: 'repeat', purpose: 'Later blocked' };
    const first = await open(asked, meta);
    auth.verdicts.push({ contains: 'Later blocked', says: 'blocked' });
    expect(await open(asked, meta)).toEqual(first);
    expect(first.id).not.toBe(meta.commandId);
  });

  it('is carried out by the hub when it was cut off after the yes and nobody repeats it', async () => {
    const { id } = await open({ openid: 'cut-off' });
    const bindings = auth.service.app.get(BindingStore);
    // As if the process had died right after the yes was written.
    const cut = jest.spyOn(bindings, 'execute').mockRejectedValueOnce(new HarkError('unavailable', 'test.cut', 'cut'));
    expect(await refusalToApprove(ann, id, { level: 'weak' })).toBe('test.cut');
    cut.mockRestore();
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved']);
    auth.passTime(finishAfterMs);
    const finished = async () => (await auth.types('binding_request', id)).includes('finished');
    await until(finished, { what: 'the approval is carried out' });
    expect(await confirmedUnder('cut-off')).toHaveLength(1);
    const { binding } = await approve(ann, id);
    expect(binding).toMatchObject({ openid: 'cut-off', level: 'weak', status: 'active' });
  });

  it('is over when the person blocked the app between the yes and what follows from it', async () => {
    const cat = await auth.somebody('cat');
    const { bindingId } = await auth.bindTo(other.appId, cat, 'earlier');
    const { id } = await open({ openid: 'blocked-since' }, {}, other);
    const bindings = auth.service.app.get(BindingStore);
    const cut = jest.spyOn(bindings, 'execute').mockRejectedValueOnce(new HarkError('unavailable', 'test.cut', 'cut'));
    expect(await refusalToApprove(cat, id)).toBe('test.cut');
    cut.mockRestore();
    const { position } = await cat.ask(authSubjects.block, { bindingId });
    auth.passTime(finishAfterMs);
    const end = async () =>
      (await auth.events<BindingRequestEvent>('binding_request', id)).find(
        ({ type }) => type === 'binding_request.finished',
      );
    expect((await until(end, { what: 'the approval is over' })).data).toMatchObject({ refusal: 'binding.app-blocked' });
    const { body } = await cat.ask<Page<BindingView>>(authSubjects.listBindings, {}, { position: position! });
    expect(body.items.map(({ openid, status }) => [openid, status])).toEqual([['earlier', 'blocked']]);
  });

  it('without a way back binds and confirms at once', async () => {
    const { id } = await open({ openid: 'plain' });
    const { binding, ...rest } = await approve(ann, id, { level: 'weak', channels: [] });
    expect(rest).toEqual({ bind: true, errMsg: '' });
    expect(binding).toMatchObject({ openid: 'plain', level: 'weak', channels: [], status: 'active' });
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'confirmed']);
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved', 'finished']);
    expect((await confirmedUnder('plain')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
    const { data } = (
      await auth.events<{ type: 'binding.bound'; data: Record<string, unknown> }>('binding', binding.id)
    )[0]!;
    expect(data).toMatchObject({ requestId: id, wording: { language: 'zh-CN', version: 1, presented: false } });
  });

  it('is approved once: its person’s repeat finds the same, anybody else’s is refused', async () => {
    const { id } = await open({ openid: 'once', redirectUri: back, state: 'a b&c' });
    const meta = idempotent();
    const first = await approve(ann, id, {}, meta);
    expect(first.redirectTo).toMatch(
      /^https:\/\/tickets\.example\/bound\?tenant=7&code=hbc_\w+-?[\w-]+&state=a\+b%26c$/,
    );
    expect(await approve(ann, id, {}, meta)).toEqual(first);
    expect(await approve(ann, id)).toEqual(first);
    expect(await refusalToApprove(ben, id)).toBe('binding-request.settled');
    expect(await ann.refusal(authSubjects.declineBindingRequest, { requestId: id })).toBe('binding-request.settled');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('binding-request.settled');
    expect(await auth.types('binding', first.binding.id)).toEqual(['bound']);
    // Late in life it does not bring a consent back that has ended.
    await ann.ask(authSubjects.unbind, { bindingId: first.binding.id });
    await approve(ann, id);
    const now = await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: first.binding.id });
    expect(now.body.status).toBe('unbound');
  });

  it('declined says so to the app, and nothing more', async () => {
    const { id } = await open({ openid: 'no', redirectUri: back, state: 's' });
    const answer = { bind: false, redirectTo: `${back}&error=access_denied&state=s` };
    expect(await decline(ann, id)).toMatchObject(answer);
    expect(await decline(ann, id)).toMatchObject(answer);
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'declined']);
    expect(await refusalToApprove(ann, id)).toBe('binding-request.settled');
    const plain = await open({ openid: 'no-2' });
    expect(await decline(ben, plain.id)).toEqual({ bind: false, errMsg: '用户拒绝了授权' });
  });

  it('does not come again and again: after each no the app waits longer', async () => {
    const openid = uuid7();
    const later = { openid, publicUrl, credential: app.credential };
    const tooSoon = async () => {
      const [asked] = await Promise.allSettled([auth.ask(authSubjects.openBindingRequest, later)]);
      expect(asked).toMatchObject({ reason: { code: 'binding.cooling-down' } });
      return Number(
        (asked as { reason: { detail: { extra: { retryAfter: number } } } }).reason.detail.extra.retryAfter,
      );
    };
    await decline(ann, (await open({ openid })).id);
    expect(await tooSoon()).toBeLessThanOrEqual(600);
    auth.passTime(600_000);
    await decline(ann, (await open({ openid })).id);
    const longer = await tooSoon();
    expect(longer).toBeGreaterThan(600);
    auth.passTime(longer * 1_000);
    const { binding } = await approve(ann, (await open({ openid })).id);
    await ann.ask(authSubjects.unbind, { bindingId: binding.id });
    await until(async () => (await auth.types('openid', openidIdOf(app.appId, openid))).at(-1) === 'declined', {
      what: 'the end of the consent is noted as a no',
    });
    // Having said yes meanwhile, they are asked as if for the first time; what they ended counts as a no.
    expect(await tooSoon()).toBeLessThanOrEqual(600);
    // Others are not meant by it.
    await open();
  });

  it('is over after ten minutes, and what it held is destroyed', async () => {
    const { id } = await open({ openid: 'late' });
    auth.passTime(600_001);
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('binding-request.expired');
    expect(await refusalToApprove(ann, id)).toBe('binding-request.expired');
    await until(async () => (await auth.types('binding_request', id)).includes('expired'), { what: 'it expires' });
    const keyless = 'select 1 from vault.person_keys where person_id = $1 and wrapped_key is null';
    await until(async () => (await auth.harness.sql(keyless, [id])).length === 1, { what: 'its key is destroyed' });
  });

  it('lets the person choose only their own endpoints, and nobody whom they block', async () => {
    const { id } = await open({ openid: 'own' });
    expect(await refusalToApprove(ann, id, { channels: [uuid7()] })).toBe('endpoint.unknown');
    expect(await refusalToApprove(ann, id, { level: 'loud' })).toBe('request.invalid');
    const { bindingId } = await auth.bindTo(other.appId, ben, 'blocked');
    await ben.ask(authSubjects.block, { bindingId });
    const request = await open({ openid: 'own-2' }, {}, other);
    expect(await refusalToApprove(ben, request.id)).toBe('binding.app-blocked');
    expect(await auth.types('binding_request', id)).toEqual(['opened']);
  });

  describe('the code', () => {
    const approved = async (asked: object = {}, who = ann) => {
      const { id } = await open({ redirectUri: back, ...asked });
      const { redirectTo, binding } = await approve(who, id);
      return { id, code: codeIn(redirectTo), binding };
    };

    it('is traded for a key that nobody had before, and confirms the binding', async () => {
      const { code, binding } = await approved({ openid: 'trade' });
      expect(await confirmedUnder('trade')).toEqual([]);
      const meta = idempotent();
      const traded = await exchange(code, {}, meta);
      expect(traded).toEqual({
        key: expect.stringMatching(/^hk_/) as string,
        bind: true,
        errMsg: '',
        bindingId: binding.id,
        openid: 'trade',
      });
      expect(parseCredential(traded.key)).toMatchObject({ kind: 'key', id: binding.id });
      expect(await confirmedUnder('trade')).toHaveLength(1);
      expect(await exchange(code, {}, meta)).toEqual(traded);
      expect(await refusalToExchange(code)).toBe('binding-request.code-invalid');
    });

    it('leaves the key of a binding alone that is in force, until it is traded', async () => {
      const before = await auth.bindTo(app.appId, ann, 'again');
      const { code, binding } = await approved({ openid: 'again' });
      expect(binding.id).toBe(before.bindingId);
      expect(await auth.types('binding', binding.id)).toEqual(['bound', 'renewed']);
      const { key } = await exchange(code);
      expect(key).not.toBe(before.key);
      expect(await auth.types('binding', binding.id)).toEqual(['bound', 'renewed', 'key-rotated', 'confirmed']);
      // The repeat of an old exchange must not bring its key back.
      const meta = idempotent();
      const second = await approved({ openid: 'again' });
      const traded = await exchange(second.code, {}, meta);
      await auth.bindTo(app.appId, ann, 'again');
      const types = await auth.types('binding', binding.id);
      expect(await exchange(second.code, {}, meta)).toEqual(traded);
      expect(await auth.types('binding', binding.id)).toEqual(types);
    });

    it('has one winner, however many redeem it at once', async () => {
      const { id, code } = await approved();
      // From a place of its own, because many wrong tries hold up whoever makes them.
      const elsewhere = { caller: { kind: 'anonymous', roles: [], source: '192.0.2.9' } } as const;
      const outcomes = await Promise.all(
        Array.from({ length: racers }, () =>
          exchange(code, {}, elsewhere).then(
            ({ key }) => key,
            ({ code: why }: { code: string }) => why,
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome.startsWith('hk_'))).toHaveLength(1);
      const losers = new Set(outcomes.filter((outcome) => !outcome.startsWith('hk_')));
      // Beyond a hundred they are told to wait.
      losers.delete('service.overloaded');
      losers.delete('request.too-many-guesses');
      expect([...losers]).toEqual(['binding-request.code-invalid']);
      expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved', 'finished', 'exchanged']);
    });

    it('is nobody else’s, needs the verifier of its challenge, and lives a minute', async () => {
      const codeVerifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
      const { code } = await approved({ codeChallenge });
      const wrong = 'v'.repeat(43);
      expect(await refusalToExchange(code, { credential: other.credential, codeVerifier })).toBe(
        'binding-request.code-invalid',
      );
      expect(await refusalToExchange(code)).toBe('binding-request.code-invalid');
      expect(await refusalToExchange(code, { codeVerifier: wrong })).toBe('binding-request.code-invalid');
      expect(await refusalToExchange(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`, { codeVerifier })).toBe(
        'binding-request.code-invalid',
      );
      expect(await refusalToExchange('hbc_nonsense', { codeVerifier })).toBe('binding-request.code-invalid');
      expect((await exchange(code, { codeVerifier })).bind).toBe(true);
      const plain = await approved();
      expect(await refusalToExchange(plain.code, { codeVerifier: wrong })).toBe('binding-request.code-invalid');
      auth.passTime(60_000);
      expect(await refusalToExchange(plain.code)).toBe('binding-request.code-invalid');
    });

    it('is worth nothing once the person has withdrawn', async () => {
      const { code, binding } = await approved();
      await ann.ask(authSubjects.unbind, { bindingId: binding.id });
      expect(await refusalToExchange(code)).toBe('binding.ended');
    });
  });

  // C3: Mallory begins in her own session with the app and sends the link to somebody else.
  it('does not bind whoever follows a stranger’s link: the app confirms only whom it sent', async () => {
    const verifierOfMallory = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(verifierOfMallory).digest('base64url');
    const { id } = await open({ openid: 'mallory', state: 'session-of-mallory', redirectUri: back, codeChallenge });
    const { redirectTo, binding } = await approve(ann, id);
    const arrived = new URL(redirectTo!).searchParams;
    // The app sees that this browser is not the one that began, and has no verifier for it.
    expect(arrived.get('state')).toBe('session-of-mallory');
    expect(await refusalToExchange(arrived.get('code')!)).toBe('binding-request.code-invalid');
    expect(await refusalToExchange(arrived.get('code')!, { codeVerifier: 'a'.repeat(43) })).toBe(
      'binding-request.code-invalid',
    );
    expect(await confirmedUnder('mallory')).toEqual([]);
    expect(await auth.types('binding', binding.id)).toEqual(['bound']);
  });

  // C6: what the person saw is what is recorded, or nothing is.
  describe('the terms', () => {
    it('are recorded as they were shown, in the language they were shown in', async () => {
      const { id } = await open({ openid: 'shown', purpose: 'Your tickets' });
      const { terms } = await show(ann, id, { locale: 'en' });
      const { binding } = await approve(ann, id, { termsHash: terms.hash }, { locale: 'zh-CN' });
      const [{ data }] = (await auth.events('binding', binding.id)) as unknown as [
        { data: { wording: { text: string } } },
      ];
      expect(data.wording).toMatchObject({ version: 1, language: 'en', hash: terms.hash, presented: true });
      expect(await auth.vault.open(data.wording.text, `terms:${binding.id}`)).toBe(terms.text);
    });

    it('cannot be switched between the page and the yes', async () => {
      const { id } = await open({ openid: 'switched', purpose: 'one' });
      const shown = await show(ann, (await open({ openid: 'switched', purpose: 'another' })).id);
      expect(await refusalToApprove(ann, id, { termsHash: shown.terms.hash })).toBe('binding.terms-changed');
      const [{ data }] = (await auth.events('binding_request', id)) as unknown as [{ data: { terms: object } }];
      expect(data.terms).not.toHaveProperty('zh', shown.terms.hash);
      expect(await auth.types('binding_request', id)).toEqual(['opened']);
    });

    it('are the same promise where a mini program asks', async () => {
      const mini = { wechatAppId: 'wx0123456789abcd01', appName: '报修小程序' };
      const { body: terms } = await ann.ask<TermsView>(authSubjects.getTerms, mini);
      expect(terms.text).toContain('「报修小程序」');
      const bind = (termsHash: string, more = {}) =>
        ann.ask<ApprovedReply>(authSubjects.bind, { ...mini, openid: 'mini', termsHash, ...more });
      await expect(bind('0'.repeat(64))).rejects.toMatchObject({ code: 'binding.terms-changed' });
      await expect(bind(terms.hash, { appName: '别的程序' })).rejects.toMatchObject({ code: 'binding.terms-changed' });
      const { binding } = (await bind(terms.hash)).body;
      const [{ data }] = (await auth.events('binding', binding.id)) as unknown as [{ data: object }];
      expect(data).toHaveProperty('wording.presented', true);
      expect((await ann.ask<TermsView>(authSubjects.getTerms, { appId: app.appId })).body.text).toContain(
        '「Tickets」',
      );
      expect(await ann.refusal(authSubjects.getTerms, { wechatAppId: mini.wechatAppId })).toBe('request.invalid');
    });
  });

  describe('an openid that somebody else has claimed', () => {
    it('is taken back from whoever only says so', async () => {
      const squatter = await auth.bindTo(app.appId, ben, 'squatted');
      const { id } = await open({ openid: 'squatted' });
      const { binding } = await approve(ann, id);
      expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound', 'refused']);
      expect((await auth.events('binding', squatter.bindingId))[1]).toMatchObject({ data: { reason: 'replaced' } });
      expect((await auth.events('binding', binding.id))[1]).toMatchObject({
        type: 'binding.confirmed',
        data: { replaced: true },
      });
      expect((await confirmedUnder('squatted')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
      // Nor does claiming it once more.
      const again = { appId: app.appId, openid: 'squatted' };
      expect(await ben.refusal(authSubjects.bind, again)).toBe('binding.openid-taken');
      expect((await confirmedUnder('squatted')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
    });

    it('is taken back when the code is traded, and not before', async () => {
      const squatter = await auth.bindTo(app.appId, ben, 'squatted-2');
      const { id } = await open({ openid: 'squatted-2', redirectUri: back });
      const { redirectTo } = await approve(ann, id);
      expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound']);
      await exchange(codeIn(redirectTo));
      expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound', 'refused']);
    });

    it('stays with whom the app has confirmed', async () => {
      const { id } = await open({ openid: 'held' });
      await approve(ben, id);
      const again = await open({ openid: 'held' });
      expect(await refusalToApprove(ann, again.id)).toBe('binding.openid-taken');
      expect(await auth.types('binding_request', again.id)).toEqual(['opened']);
      expect(await auth.types('openid', openidIdOf(app.appId, 'held'))).toEqual(['claimed', 'confirmed']);
    });

    it('has one winner, however often two people agree at once', async () => {
      const ids: string[] = [];
      for (let n = 0; n < racers; n += 20) {
        const wave = Array.from({ length: Math.min(20, racers - n) }, () => open({ openid: 'raced' }));
        ids.push(...(await Promise.all(wave)).map(({ id }) => id));
      }
      const outcomes = await Promise.all(
        ids.map((id, n) =>
          approve(n % 2 === 0 ? ann : ben, id).then(
            ({ binding }) => ({ bindingId: binding.id, why: '' }),
            ({ code }: { code: string }) => ({ bindingId: '', why: code }),
          ),
        ),
      );
      const [winner, ...more] = await confirmedUnder('raced');
      expect(more).toEqual([]);
      const won = new Set(outcomes.flatMap(({ bindingId }) => (bindingId === '' ? [] : [bindingId])));
      expect([...won]).toEqual([winner!.bindingId]);
      // Of many at once some are told to come again.
      const answers = ['', 'binding.openid-taken', 'service.overloaded', 'request.timeout'];
      expect(outcomes.filter(({ why }) => !answers.includes(why))).toEqual([]);
      const [bound] = await auth.events('binding', winner!.bindingId);
      const loser = (bound!.data as { personId: string }).personId === ann.id ? ben : ann;
      expect(await refusalToApprove(loser, (await open({ openid: 'raced' })).id)).toBe('binding.openid-taken');
    });
  });
});
