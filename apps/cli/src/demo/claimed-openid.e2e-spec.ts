import { randomBytes } from 'node:crypto';
import { Actors } from './actors';
import { call, expecting, HttpCall, Json } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';
import { seen } from './wait';

const testTimeoutMs = 120_000;
const publicUrl = 'https://hub.example';

let home: HubHome;
let actors: Actors;
beforeAll(async () => {
  home = await hubHome({ HARK_PUBLIC_URL: publicUrl });
  const { url, sandboxUrl } = await home.start();
  actors = new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });
}, testTimeoutMs);
afterAll(() => home.remove());

const user = async () => (await actors.logIn(actors.newOpenid())).token;
const register = async (body: object = {}) => {
  const answer = await actors.hub('POST', '/v1/apps', {
    token: await user(),
    body: { name: `Tickets ${randomBytes(3).toString('hex')}`, ...body },
  });
  const { app, secret } = expecting(answer, 201).body;
  return { appId: String(app?.id), secret: String(secret), app: app! };
};
const bind = async (token: string, body: object) => {
  const answer = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
  return { id: String(answer.body.binding?.id), key: String(answer.body.key), app: answer.body.binding!.app! };
};

describe('somebody who claims what is not theirs', () => {
  const push = (request: HttpCall) => actors.hub('POST', '/v1/pushes', request);
  const bodiesOf = async (token: string): Promise<unknown[]> =>
    ((await actors.hub('GET', '/v1/inbox', { token })).body.items as unknown as Json[]).map(({ body }) => body);
  const accepted = async (to: string, request: HttpCall) =>
    actors.inboxItem(to, String(expecting(await push(request), 202).body.id));

  it(
    'under another’s openid reads nothing that the app means for that one, and learns nothing of them',
    async () => {
      const { appId, secret } = await register();
      const [eve, alice] = [await user(), await user()];
      const evil = await bind(eve, { appId, openid: 'tenant-42' });
      const asked = { token: secret, body: { openid: 'tenant-42', body: '给 Alice 的' } };
      const refused = expecting(await push(asked), 403, 'binding.unconfirmed');
      expect(String(refused.body.detail)).toContain(`/v1/apps/${appId}/bindings`);

      const good = await bind(alice, { appId, openid: 'tenant-42' });
      expecting(await push(asked), 403, 'binding.unconfirmed');
      // The app knows Alice's key from its own page, shows it once with its secret, and needs it no more.
      const first = { token: secret, body: { key: good.key, openid: 'tenant-42', body: '给 Alice 的第一条' } };
      await accepted(alice, first);
      await accepted(alice, asked);

      const items = await seen('both claims, the one of Alice confirmed', async () => {
        const list = expecting(await actors.hub('GET', `/v1/apps/${appId}/bindings`, { token: secret }), 200);
        const listed = list.body.items as unknown as Json[];
        return listed.some(({ confirmed }) => confirmed) ? listed : undefined;
      });
      expect(items).toMatchObject([
        { bindingId: good.id, openid: 'tenant-42', confirmed: true, status: 'active' },
        { bindingId: evil.id, openid: 'tenant-42', confirmed: false, status: 'active' },
      ]);
      const path = `/v1/apps/${appId}/bindings/${evil.id}`;
      const confirm = { token: secret, body: { openid: 'tenant-42' } };
      expecting(await actors.hub('POST', `${path}/confirm`, confirm), 409, 'binding.openid-taken');
      // Whoever comes only now is refused at once, and has no binding to wonder about.
      const [token, late] = [await user(), { appId, openid: 'tenant-42' }];
      expecting(await actors.hub('POST', '/v1/bindings', { token, body: late }), 409, 'binding.openid-taken');
      expect(expecting(await actors.hub('GET', '/v1/bindings', { token }), 200).body.items).toEqual([]);
      // Until she is refused, her key is good for herself.
      await accepted(eve, { token: evil.key, body: { body: '自己给自己' } });
      expecting(await actors.hub('POST', `${path}/refuse`, { token: secret }), 200);
      expecting(await push({ token: evil.key, body: { body: 'x' } }), 410, 'binding.ended');
      expect(await bodiesOf(eve)).toEqual(['自己给自己']);
      expect(await bodiesOf(alice)).toEqual(['给 Alice 的', '给 Alice 的第一条']);
    },
    testTimeoutMs,
  );

  it(
    'as the owner of another’s mini program keeps nobody out and meets none of its users',
    async () => {
      const wechatAppId = `wx${randomBytes(8).toString('hex')}`;
      const [squatter, owner] = [await register({ wechatAppId }), await register({ wechatAppId })];
      for (const { app } of [squatter, owner]) expect(app).toMatchObject({ wechatAppId, wechatAppIdProven: false });
      const alice = await user();
      const { id, app } = await bind(alice, { wechatAppId, appName: '某小程序', openid: 'o-1' });
      expect(app).toMatchObject({ name: '某小程序', verified: false });
      const seen = expecting(await actors.hub('GET', `/v1/apps/${app.id}/public`), 200);
      expect(seen.body).toMatchObject({ name: wechatAppId, verified: false });
      const token = squatter.secret;
      const listed = expecting(await actors.hub('GET', `/v1/apps/${squatter.appId}/bindings`, { token }), 200);
      expect(listed.body.items).toEqual([]);
      expecting(await actors.hub('GET', `/v1/apps/${app.id}/bindings`, { token }), 404, 'app.unknown');
      expecting(await push({ token, body: { openid: 'o-1', body: 'x' } }), 404, 'binding.unknown');
      const confirm = { token, body: { openid: 'o-1' } };
      const path = `/v1/apps/${squatter.appId}/bindings/${id}/confirm`;
      expecting(await actors.hub('POST', path, confirm), 404, 'binding.unknown');
    },
    testTimeoutMs,
  );

  it(
    'as a name of somebody else’s is refused, in the words of the hub’s own moderation too',
    async () => {
      const token = await user();
      for (const name of ['微信支付', 'Hark 官方', '✓ Verified', 'Аррӏе']) {
        expecting(await actors.hub('POST', '/v1/apps', { token, body: { name } }), 422, 'app.name-confusable');
      }
      for (const name of ['\u3164', '\ufdfa'.repeat(3)]) {
        expecting(await actors.hub('POST', '/v1/apps', { token, body: { name } }), 400, 'request.invalid');
      }
      expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: '代开发票' } }), 422, 'app.name-refused');
      const described = { name: '发票夹', description: '代开发票 加微信abc' };
      expecting(await actors.hub('POST', '/v1/apps', { token, body: described }), 422, 'app.text-refused');
    },
    testTimeoutMs,
  );
});

/** A problem as its reader has it: status, code, and the sentence in each language. */
interface Told {
  readonly status: number;
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  /** Seconds, where it is more than the least that every 503 says. */
  readonly retryAfter?: number;
}

describe('an answer of WeChat’s, through the hub', () => {
  const again: Told = {
    status: 401,
    code: 'session.code-invalid',
    en: 'Call wx.login again and send the new code.',
    zh: '请重新调用 wx.login 获取新的 code。',
  };
  const refused: Told = {
    status: 403,
    code: 'session.refused',
    en: 'WeChat refuses this account for now.',
    zh: '微信暂时拒绝该账号登录。',
  };
  const away: Told = {
    status: 503,
    code: 'session.provider-unavailable',
    en: 'It is busy, or refuses this hub for now. Try again after Retry-After seconds; to log in, with a new code of wx.login.',
    zh: '微信繁忙，或暂时拒绝本站。请在 Retry-After 秒后重试；登录时请重新调用 wx.login 获取新的 code。',
  };
  const keyGone: Told = {
    status: 409,
    code: 'wechat.session-expired',
    en: 'Call wx.login and log in again, then ask WeChat for the data anew.',
    zh: '请调用 wx.login 重新登录，然后重新向微信获取数据。',
  };
  const wrongSecret: Told = {
    status: 422,
    code: 'app.mini-program-secret-wrong',
    en: 'Check wechatAppId and appSecret: WeChat says that they do not belong together.',
    zh: '请检查 wechatAppId 与 appSecret：微信表示两者不匹配。',
  };
  const noProof: Told = {
    status: 503,
    code: 'app.mini-program-unreachable',
    en: 'WeChat gave no answer that proves anything. Try again later; if your mini program has a list of allowed addresses, add this hub’s.',
    zh: '未能从微信得到可作证明的答复，请稍后再试；如小程序设置了 IP 白名单，请先加入本系统的 IP。',
  };
  const fine: Told = { status: 201, code: '', en: '', zh: '' };
  const error = (errcode: number) => ({ mode: 'error', errcode });

  /** From now on WeChat answers like this whatever names `match`; without one, everything. */
  const wechat = async (fault: object, match?: string) => {
    const body = { provider: 'wechat', ...fault, ...(match !== undefined && { match }) };
    expecting(await call(actors.stage.sandboxUrl, 'POST', '/control/faults', { body }), 200);
  };
  // The sandbox keeps a hundred faults at a time.
  afterEach(() => wechat({ mode: 'ok' }));
  const codeOf = async (openid: string) => {
    const path = '/control/wechat/codes';
    return String(expecting(await call(actors.stage.sandboxUrl, 'POST', path, { body: { openid } }), 200).body.code);
  };
  /** The same call by an English and by a Chinese reader at once, and what both are told. */
  const told = async (path: string, prepared: HttpCall | (() => Promise<HttpCall>)): Promise<Told> => {
    const asked = async (language: string) => {
      const sent = typeof prepared === 'function' ? await prepared() : prepared;
      return actors.hub('POST', path, { ...sent, headers: { 'accept-language': language } });
    };
    const [en, zh] = await Promise.all([asked('en'), asked('zh-CN')]);
    if (en.status < 300) return { status: en.status, code: '', en: '', zh: '' };
    expect(zh.body).toMatchObject({ status: en.status, code: en.body.code });
    for (const { body: problem } of [en, zh]) expect(Object.keys(problem).sort().join()).toMatch(/^code,detail,/);
    // Nothing of WeChat's own words, nor of what was sent to it.
    expect(JSON.stringify([en.body, zh.body])).not.toMatch(
      /errcode|errmsg|system error|rid:|jscode2session|appsecret=/,
    );
    const retryAfter = Number(en.headers.get('retry-after'));
    return {
      status: en.status,
      code: String(en.body.code),
      en: String(en.body.detail),
      zh: String(zh.body.detail),
      ...(retryAfter > 1 && { retryAfter }),
    };
  };
  const expectAll = async <Case>(cases: readonly (readonly [Case, Told])[], answer: (one: Case) => Promise<Told>) => {
    const answers: unknown[] = [];
    // In turn: of all at once some would wait for longer than the gateway does.
    for (const [one] of cases) answers.push([one, await answer(one)]);
    expect(answers).toEqual(cases);
  };
  const errors = (codes: readonly number[], answer: Told) => codes.map((code) => [error(code), answer] as const);

  it(
    'to a log-in, a check of the session_key and a proof of a mini program: slow, hanging, cut off and each of its codes',
    async () => {
      const logIns: (readonly [object, Told])[] = [
        ...errors([40029, 40163, 41008], again),
        ...errors([40226], refused),
        ...errors(
          [-1, 40002, 40013, 40125, 40164, 40243, 41001, 41002, 41004, 43002, 45009, 48001, 48006, 50004, 50007],
          away,
        ),
        // Not of this call: the hub's own mistake, or WeChat's, and nothing that another code would mend.
        ...errors([40129, 44002, 47001, 99999], away),
        [error(45011), { ...away, retryAfter: 60 }],
        [{ mode: 'rate-limit' }, { ...away, retryAfter: 60 }],
        [{ mode: 'error', status: 502 }, away],
        // The code may be spent.
        [{ mode: 'hang' }, again],
        [{ mode: 'reset' }, again],
        [{ mode: 'slow', delayMs: 300 }, fine],
      ];
      const profile = { encryptedData: Buffer.alloc(32).toString('base64'), iv: Buffer.alloc(16).toString('base64') };
      const checks: (readonly [object, Told])[] = [
        ...errors([87009], keyGone),
        ...errors([-1, 40001, 40014, 40097, 41001, 42001, 44002, 45009, 47001, 48001, 48006], away),
        [error(45011), { ...away, retryAfter: 60 }],
        [{ mode: 'error', status: 503 }, away],
        [{ mode: 'hang' }, away],
        [{ mode: 'reset' }, away],
      ];
      const proofs: (readonly [object, Told])[] = [
        ...errors([40001, 40013, 40125], wrongSecret),
        ...errors(
          [-1, 40002, 40164, 40243, 41001, 41002, 41004, 43002, 44002, 45009, 45011, 47001, 48006, 50004, 50007],
          noProof,
        ),
        ...errors([89503, 89506, 89507], noProof),
        [{ mode: 'error', status: 502 }, noProof],
        [{ mode: 'hang' }, noProof],
        [{ mode: 'reset' }, noProof],
      ];
      const token = await user();
      await Promise.all([
        expectAll(logIns, (fault) =>
          told('/v1/sessions', async () => {
            const code = await codeOf(actors.newOpenid());
            await wechat(fault, code);
            return { body: { provider: 'wechat', code } };
          }),
        ),
        expectAll(checks, async (fault) => {
          const openid = actors.newOpenid();
          const { token: own } = await actors.logIn(openid);
          await wechat(fault, openid);
          return told('/v1/me/wechat-profile', { token: own, body: profile });
        }),
        expectAll(proofs, async (fault) => {
          const wechatAppId = `wx${randomBytes(8).toString('hex')}`;
          await wechat(fault, wechatAppId);
          return told('/v1/claims', { token, body: { wechatAppId, appSecret: 's3cret' } });
        }),
      ]);
    },
    testTimeoutMs,
  );

  it(
    'to a code that was used: its own client has its session again, everybody else is told to log in anew',
    async () => {
      const code = await codeOf(actors.newOpenid());
      const body = { provider: 'wechat', code };
      const first = expecting(await actors.hub('POST', '/v1/sessions', { body }), 201);
      expect(await told('/v1/sessions', { body })).toEqual(fine);
      expect(expecting(await actors.hub('POST', '/v1/sessions', { body }), 201).body).toEqual(first.body);
      const headers = { 'user-agent': 'another device' };
      expecting(await actors.hub('POST', '/v1/sessions', { body, headers }), 401, again.code);
      // Traded in by somebody else before it came to the hub.
      const spent = await codeOf(actors.newOpenid());
      const query = `appid=wx74db71d8a9e3b699&secret=sandbox-secret&js_code=${spent}&grant_type=authorization_code`;
      await call(actors.stage.sandboxUrl, 'GET', `/wechat/sns/jscode2session?${query}`);
      const late = await actors.hub('POST', '/v1/sessions', { body: { provider: 'wechat', code: spent } });
      expecting(late, 401, again.code);
    },
    testTimeoutMs,
  );

  it(
    'to a reminder with the code of a new endpoint: whom it concerns reads why it did not come',
    async () => {
      const gone = ['recipient-gone', 'no such device', '没有这个设备'];
      const turnedDown = ['recipient-refused', 'refuses messages', '拒收'];
      const unfit = ['server-refused', 'template', '模板'];
      const later = ['later'];
      const cases: (readonly [number, readonly string[]])[] = [
        [40003, gone],
        [43101, turnedDown],
        ...[41030, 44002, 45168, 47001, 47003].map((code) => [code, unfit] as const),
        ...[-1, 40001, 40014, 42001, 43108, 45009, 45011].map((code) => [code, later] as const),
      ];
      const answerTo = async ([errcode]: readonly [number, unknown]) => {
        const openid = actors.newOpenid();
        const { token } = await actors.logIn(openid);
        await wechat(error(errcode), openid);
        const body = { kind: 'wechat', templateId: 'TEMPLATE_ID_EXAMPLE' };
        expecting(await actors.hub('POST', '/v1/endpoints', { token, body }), 201);
        const shown = async (language: string) => {
          const headers = { 'accept-language': language };
          return (await actors.hub('GET', '/v1/endpoints', { token, headers })).body.items?.[0];
        };
        const settled = await seen(`what became of the code after ${errcode}`, async () => {
          const endpoint = await shown('en');
          return endpoint?.status === 'failed' || endpoint?.challengeRetryAt ? endpoint : undefined;
        });
        if (settled.status !== 'failed') return [errcode, ['later']];
        return [errcode, [settled.reason, settled.detail, (await shown('zh-CN'))?.detail]];
      };
      const containing = (words: readonly string[]) => words.map((word) => expect.stringContaining(word) as unknown);
      const expected = cases.map(([errcode, words]) => [errcode, containing(words)]);
      expect(await Promise.all(cases.map(answerTo))).toEqual(expected);
      // What is the hub's fault is put off for everybody; the operator is told.
      const hubs = [40037, 41001, 43107, 48001, 48006].map((errcode) => [errcode, later] as const);
      expect(await Promise.all(hubs.map(answerTo))).toEqual(hubs);
    },
    testTimeoutMs,
  );

  it(
    'to nobody who binds: consent needs no answer of it, whatever state it is in',
    async () => {
      const [token, appId] = [await user(), (await register()).appId];
      for (const fault of [
        { mode: 'hang' },
        { mode: 'reset' },
        { mode: 'error', status: 500 },
        error(-1),
        error(45009),
      ]) {
        await wechat(fault);
        const openid = `o-${randomBytes(4).toString('hex')}`;
        await bind(token, { wechatAppId: 'wx3f9a1c5d7e2b4860', appName: '某小程序', openid });
        await bind(token, { appId, openid });
      }
      await wechat({ mode: 'ok' });
    },
    testTimeoutMs,
  );
});

describe('a link in a mail, through the hub', () => {
  it(
    'mutes or ends the app for whoever has the mail, without a log-in, and nothing before they say so',
    async () => {
      const token = await user();
      const address = `${randomBytes(6).toString('hex')}@example.org`;
      const added = await actors.hub('POST', '/v1/endpoints', { token, body: { kind: 'email', address } });
      const [challenge] = await actors.mailbox(address, 1);
      const code = /\b\d{6}\b/.exec(String(challenge!.text))![0];
      const verify = `/v1/endpoints/${String(expecting(added, 201).body.id)}/verify`;
      expecting(await actors.hub('POST', verify, { token, body: { code } }), 200);
      const { appId } = await register();
      const { id, key } = await bind(token, { appId, openid: 'reader' });
      const push = () => actors.hub('POST', '/v1/pushes', { token: key, body: { body: '一封信' } });
      expecting(await push(), 202);
      const mail = (await actors.mailbox(address, 2))[1]!;
      const links = Array.from(String(mail.text).matchAll(/https:\/\/hub\.example(\/mail\/(\w+)\/[\w-]+)/g));
      const { mute, unbind, complain } = Object.fromEntries(
        links.map(([, path, purpose]) => [purpose, path]),
      ) as Record<string, string>;
      const headers = mail.headers as unknown as Readonly<Record<string, string>>;
      expect(headers['list-unsubscribe']).toBe(`<${publicUrl}${unbind}?lang=zh-CN>`);
      expect(headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');

      const ask = async (method: string, path: string, fields = 'List-Unsubscribe=One-Click') => {
        const form = { 'content-type': 'application/x-www-form-urlencoded' };
        const body = method === 'POST' ? { headers: form, body: fields } : {};
        return (await fetch(actors.stage.hubUrl + path, { method, ...body })).status;
      };
      const binding = async () => {
        const { items } = expecting(await actors.hub('GET', '/v1/bindings', { token }), 200).body;
        return (items as unknown as Json[]).find((one) => one.id === id);
      };
      for (const path of [mute!, unbind!, complain!]) expect(await ask('GET', path)).toBe(200);
      expect(await seen('the binding', binding)).toMatchObject({ status: 'active', muted: false });
      expect(await ask('POST', mute!)).toBe(200);
      await seen('the app is muted', async () => ((await binding())?.muted ? true : undefined));
      expect([await ask('POST', unbind!), await ask('POST', unbind!)]).toEqual([200, 200]);
      expecting(await push(), 410, 'binding.ended');
      expect(await ask('POST', mute!)).toBe(200);
      expect(await ask('POST', `${unbind!.slice(0, -2)}AA`)).toBe(404);

      // What came can be complained about still, once.
      const complaints = async () => expecting(await actors.hub('GET', '/v1/complaints', { token }), 200).body.items;
      expect(await ask('POST', complain!)).toBe(422);
      expect(await complaints()).toEqual([]);
      for (const reason of ['fraud', 'fraud', 'spam'])
        expect(await ask('POST', complain!, `reason=${reason}`)).toBe(200);
      await seen(
        'the complaint is listed',
        async () => ((await complaints()) as unknown as Json[]).length === 1 || undefined,
      );
      expect(await complaints()).toMatchObject([{ reason: 'fraud', status: 'open' }]);

      // A new consent is nothing that the mails of the old one may end.
      expect((await bind(token, { appId, openid: 'reader' })).id).toBe(id);
      expect([await ask('POST', mute!), await ask('POST', unbind!)]).toEqual([200, 200]);
      await seen('the app is bound again', async () => ((await binding())?.status === 'active' ? true : undefined));
      expect(await binding()).toMatchObject({ status: 'active', muted: false });
    },
    testTimeoutMs,
  );
});
