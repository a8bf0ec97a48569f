import { authSubjects, clientErrorCodes, complaintsSubjects } from '@hark/contracts';
import { mailLinkPath, MailLinkPurpose, mailLinkPurposes, signMailLink } from '@hark/credentials';
import { HarkError, uuid7 } from '@hark/kernel';
import { Keys } from '@hark/service';
import { until } from '@hark/testing';
import { consolePages } from './console/console-pages';
import {
  appSecret,
  bearer,
  bindingKey,
  GatewayHarness,
  json,
  problem,
  sessionId,
  someId,
  userId,
} from './gateway.fixture';
import { answersOf } from './openapi/responses';
import { allRoutes } from './routes/all-routes';
import { Route } from './routes/route';

let hub: GatewayHarness;
beforeAll(async () => {
  hub = await GatewayHarness.start();
});
afterAll(() => hub.close());
beforeEach(() => hub.reset());

const pathOf = (row: Route): string => row.path.replace(/:\w+/g, someId);
const titled = allRoutes.map((row) => [`${row.method} ${row.path}`, row] as const);
const needingSession = titled.filter(([, { access }]) => !['anyone', 'app', 'credential'].includes(access));
const byCredential = ({ access }: Route) => access === 'app' || access === 'credential';
const needingRole = titled.filter(([, { access }]) => access === 'operator' || access === 'admin');
const push = { openid: 'o-1', body: 'hello' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  hub.fetch(path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });

describe('who may call', () => {
  it.each(titled.filter(([, { access }]) => access !== 'anyone'))('%s needs a token', async (_, row) => {
    const response = await hub.fetch(pathOf(row), { method: row.method });
    expect((await problem(response)).code).toBe(byCredential(row) ? 'credential.required' : 'session.required');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(hub.asked).toEqual([]);
  });

  it.each(needingRole)('%s is not for users', async (_, row) => {
    const response = await hub.fetch(pathOf(row), { method: row.method, headers: bearer(await hub.session()) });
    expect(await problem(response)).toMatchObject({ status: 403, code: 'role.required' });
    expect(hub.asked).toEqual([]);
  });

  it.each(needingSession)('%s is not for a binding key', async (_, row) => {
    const response = await hub.fetch(pathOf(row), { method: row.method, headers: bearer(bindingKey) });
    expect(await problem(response)).toMatchObject({ status: 403, code: 'credential.not-enough' });
    expect(hub.asked).toEqual([]);
  });

  it.each(titled.filter(([, { access }]) => access !== 'anyone'))('%s is not for garbage', async (_, row) => {
    for (const garbage of ['x', 'hk', 'HK_1_2', 'a.b.c', 'constructor_x_y', '__proto___1_2']) {
      const response = await hub.fetch(pathOf(row), { method: row.method, headers: bearer(garbage) });
      expect(await problem(response)).toMatchObject({
        status: 401,
        code: byCredential(row) ? 'key.invalid' : 'session.invalid',
      });
    }
    expect(hub.asked).toEqual([]);
  });

  it('tells a session apart from a key where a key is needed', async () => {
    const response = await post('/v1/pushes', push, bearer(await hub.session()));
    expect(await problem(response)).toMatchObject({ status: 401, code: 'key.invalid' });
  });
});

describe('what a service is asked', () => {
  it('is the checked body, by the caller that the token names', async () => {
    const response = await post('/v1/bindings', { appId: someId, openid: 'o-1' }, bearer(await hub.session()));
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/v1/bindings/${someId}`);
    expect(hub.asked).toMatchObject([
      {
        subject: 'auth.bind',
        data: { appId: someId, openid: 'o-1' },
        request: { caller: { kind: 'user', userId, sessionId, roles: ['user'] }, locale: 'en' },
      },
    ]);
    expect(hub.asked[0]!.request.requestId).toBe(response.headers.get('x-request-id'));
  });

  it('takes the key from the header or the body as the credential, and beside an app secret as what it is', async () => {
    expect((await post('/v1/pushes', push, bearer(bindingKey))).status).toBe(202);
    expect((await post('/v1/pushes', { ...push, key: bindingKey })).status).toBe(202);
    expect((await post('/v1/pushes', push, bearer(appSecret))).status).toBe(202);
    expect((await post('/v1/pushes', { ...push, key: bindingKey }, bearer(appSecret))).status).toBe(202);
    expect(hub.asked.map(({ data }) => data)).toEqual([
      { ...push, credential: bindingKey },
      { ...push, credential: bindingKey },
      { ...push, credential: appSecret },
      { ...push, credential: appSecret, key: bindingKey },
    ]);
    expect(hub.asked.map(({ request }) => request.caller.kind)).toEqual(['key', 'key', 'app', 'app']);
  });

  it('names the address of the client, and whose earlier session it shows, as signed', async () => {
    const logIn = { provider: 'wechat', code: 'c' };
    const expired = await hub.session(['user'], { exp: Math.floor(Date.now() / 1_000) - 60 });
    for (const headers of [{}, bearer(expired), bearer('garbage')]) await post('/v1/sessions', logIn, headers);
    await post('/v1/pushes', push, bearer(bindingKey));
    const source = expect.stringMatching(/^(127\.0\.0\.1|0:0:0:0)$/) as string;
    expect(hub.asked.map(({ request }) => request.caller)).toEqual([
      { kind: 'anonymous', roles: [], source },
      { kind: 'anonymous', roles: [], source, knownUserId: userId },
      { kind: 'anonymous', roles: [], source },
      { kind: 'key', roles: [], source },
    ]);
  });

  it('tells whoever guessed too often when to come again', async () => {
    hub.answering(() => {
      const extra = { retryAfter: 4, free: 10 };
      throw new HarkError('refused', 'request.too-many-guesses', 'too many wrong tries', { extra });
    });
    const response = await post('/v1/sessions', { provider: 'wechat', code: 'c' });
    expect(await problem(response)).toMatchObject({ status: 429, code: 'request.too-many-guesses', retryAfter: 4 });
    const told = ['retry-after', 'ratelimit-policy', 'ratelimit'].map((name) => response.headers.get(name));
    expect(told).toEqual(['4', '"guesses";q=10;w=3600', '"guesses";r=0;t=4']);
  });

  it('lets an app see its own standing, and its owner', async () => {
    const path = `/v1/apps/${someId}/standing`;
    await hub.fetch(path, { headers: bearer(appSecret) });
    await hub.fetch(path, { headers: bearer(await hub.session()) });
    expect(hub.asked.map(({ data }) => data)).toEqual([{ appId: someId, credential: appSecret }, { appId: someId }]);
  });

  it('chooses between unbinding and blocking by the query', async () => {
    const headers = bearer(await hub.session());
    for (const query of ['', '?block=false', '?block=true']) {
      const response = await hub.fetch(`/v1/bindings/${someId}${query}`, { method: 'DELETE', headers });
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
    expect(hub.asked.map(({ subject }) => subject)).toEqual(['auth.unbind', 'auth.unbind', 'auth.block']);
  });

  it('passes on where a read must have got to, and hands out where a write stands', async () => {
    hub.answering(() => ({ body: { items: [], nextCursor: null }, position: '8123-binding' }));
    const session = bearer(await hub.session());
    const response = await hub.fetch('/v1/bindings?limit=10', {
      headers: { ...session, 'hark-position': '17-binding' },
    });
    expect(response.headers.get('hark-position')).toBe('8123-binding');
    expect(hub.asked).toMatchObject([{ data: { limit: 10 }, request: { position: '17-binding' } }]);
    for (const malformed of ['', 'x', '1-B', '-1-binding', `${'9'.repeat(20)}-binding`, "1-a'--"]) {
      const refused = await hub.fetch('/v1/bindings', { headers: { ...session, 'hark-position': malformed } });
      expect(await problem(refused)).toMatchObject({ status: 400, code: 'position.invalid' });
    }
  });

  it('says which language the client named, and nothing when it named none', async () => {
    const session = bearer(await hub.session());
    for (const wanted of ['en-GB', 'zh', '*']) {
      await hub.fetch('/v1/bindings', { headers: { ...session, 'accept-language': wanted } });
    }
    expect(hub.asked.map(({ request }) => request.clientLocale)).toEqual(['en', 'zh-CN', undefined]);
  });

  it('says who the client is as far as the connection shows it, in plain characters, except of apps', async () => {
    const userAgent = `Mozilla/5.0 \xe9${'x'.repeat(400)}`;
    await hub.fetch('/v1/endpoint-kinds', { headers: { 'user-agent': userAgent } });
    await hub.fetch('/v1/pushes', {
      method: 'POST',
      headers: { ...json, ...bearer(bindingKey) },
      body: '{"body":"b"}',
    });
    const [person, app] = hub.asked.map(({ request }) => request.client);
    expect(person).toEqual({ address: expect.stringMatching(/127\.0\.0\.1|::1/), userAgent: expect.any(String) });
    expect(person!.userAgent).toMatch(/^Mozilla\/5\.0 x{244}$/);
    expect(app).toBeUndefined();
  });

  it('passes on a trace only when it is one', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const session = bearer(await hub.session());
    await hub.fetch('/v1/bindings', { headers: { ...session, traceparent } });
    await hub.fetch('/v1/bindings', { headers: { ...session, traceparent: 'x'.repeat(5_000) } });
    expect(hub.asked.map(({ request }) => request.traceparent)).toEqual([traceparent, undefined]);
  });
});

describe('methods', () => {
  it('takes PATCH as itself, by PUT and by POST that says so', async () => {
    const headers = { ...json, ...bearer(await hub.session()) };
    const body = JSON.stringify({ muted: true });
    const ways: [string, Record<string, string>][] = [
      ['PATCH', {}],
      ['PUT', {}],
      ['POST', { 'x-http-method-override': 'PATCH' }],
      ['POST', { 'x-http-method-override': 'put' }],
    ];
    for (const [method, extra] of ways) {
      const response = await hub.fetch(`/v1/bindings/${someId}`, { method, headers: { ...headers, ...extra }, body });
      expect(response.status).toBe(200);
    }
    const deleted = { ...headers, 'x-http-method-override': 'DELETE' };
    expect((await hub.fetch(`/v1/bindings/${someId}`, { method: 'POST', headers: deleted })).status).toBe(204);
    expect(hub.asked.map(({ subject }) => subject)).toEqual([
      ...Array<string>(4).fill('auth.change-binding'),
      'auth.unbind',
    ]);
  });

  it('refuses to override with anything else, and on any other method', async () => {
    const headers = bearer(await hub.session());
    for (const override of ['GET', 'POST', 'HEAD', 'TRACE', 'CONNECT', 'PATCH, DELETE', '', '__proto__']) {
      const overridden = { ...headers, 'x-http-method-override': override };
      const response = await hub.fetch(`/v1/bindings/${someId}`, { method: 'POST', headers: overridden });
      expect(await problem(response)).toMatchObject({ status: 400, code: 'request.invalid' });
    }
    const got = await hub.fetch(`/v1/bindings/${someId}`, {
      headers: { ...headers, 'x-http-method-override': 'DELETE' },
    });
    expect(got.status).toBe(200);
    expect(hub.asked.map(({ subject }) => subject)).toEqual(['auth.get-binding']);
  });

  it.each([
    ['DELETE', '/v1/pushes', 'POST, GET, HEAD'],
    ['POST', `/v1/bindings/${someId}`, 'GET, HEAD, PATCH, PUT, DELETE'],
    ['OPTIONS', '/v1/apps', 'POST, GET, HEAD'],
    ['HEAD', '/v1/binding-requests', 'POST'],
    ['PUT', '/v1/inbox', 'GET, HEAD'],
  ])('answers %s %s with 405 and what is allowed', async (method, path, allow) => {
    const response = await hub.fetch(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect((await problem(response)).code).toBe('method.not-allowed');
  });

  it('answers HEAD as GET, without a body', async () => {
    expect((await hub.fetch('/v1/bindings', { method: 'HEAD' })).status).toBe(401);
    const headers = bearer(await hub.session());
    const [head, got] = await Promise.all(
      ['HEAD', 'GET'].map((method) => hub.fetch('/v1/bindings', { method, headers })),
    );
    expect([head!.status, await head!.text()]).toEqual([200, '']);
    expect(head!.headers.get('content-length')).toBe(got!.headers.get('content-length'));
  });
});

describe('a session of a browser', () => {
  const inCookie = { 'hark-session': 'cookie', ...json };
  const session = { accessToken: 'a', tokenType: 'Bearer', expiresIn: 900, refreshToken: 'hr_1', refreshExpiresIn: 60 };
  const ask = (path: string, body: object, headers: Record<string, string>) =>
    hub.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });

  it('has its refresh token in a cookie where the page asks so, and nowhere else', async () => {
    hub.answering(() => ({ body: session }));
    const begun = await ask('/v1/sessions', { provider: 'wechat', code: 'x' }, inCookie);
    expect(await begun.json()).toEqual({ ...session, refreshToken: '' });
    const [cookie] = begun.headers.get('set-cookie')!.split(';');
    expect(cookie).toBe('hark-refresh=hr_1');
    const went = await ask('/v1/sessions/refresh', {}, { ...inCookie, cookie: `a=b; ${cookie}` });
    expect([went.status, hub.asked.at(-1)?.data]).toEqual([200, { refreshToken: 'hr_1' }]);
    const ended = await hub.fetch('/v1/sessions/current', {
      method: 'DELETE',
      headers: { ...inCookie, ...bearer(await hub.session()) },
    });
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
  });

  it('is nothing to a caller who does not ask for the cookie, and refused to a foreign page', async () => {
    hub.answering(() => ({ body: session }));
    const plain = await ask('/v1/sessions', { provider: 'wechat', code: 'x' }, json);
    expect([await plain.json(), plain.headers.get('set-cookie')]).toEqual([session, null]);
    const cookie = 'hark-refresh=hr_1';
    const unasked = await ask('/v1/sessions/refresh', {}, { ...json, cookie });
    expect([unasked.status, (await problem(unasked)).code]).toEqual([400, 'request.invalid']);
    const foreign = await ask('/v1/sessions/refresh', {}, { ...inCookie, cookie, origin: 'https://evil.example' });
    expect([foreign.status, (await problem(foreign)).code]).toEqual([403, 'session.foreign-page']);
    const none = await ask('/v1/sessions/refresh', {}, inCookie);
    expect([none.status, (await problem(none)).code]).toEqual([401, 'session.required']);
    const me = await hub.fetch('/v1/me', { headers: { ...inCookie, cookie } });
    expect(me.status).toBe(401);
  });
});

describe('repeats', () => {
  it('have the same command id for the same caller, call and key, and the hash of what was asked', async () => {
    const headers = { ...bearer(bindingKey), 'idempotency-key': 'k-1' };
    await post('/v1/pushes', { body: 'one', openid: 'o' }, headers);
    await post('/v1/pushes', { openid: 'o', body: 'one' }, headers);
    await post('/v1/pushes', { body: 'two', openid: 'o' }, headers);
    await post('/v1/pushes', { body: 'one', openid: 'o' }, { ...headers, ...bearer(appSecret) });
    await post('/v1/pushes', { body: 'one', openid: 'o' }, bearer(bindingKey));
    await post('/v1/pushes', { body: 'one', openid: 'o' }, bearer(bindingKey));
    const [first, again, otherBody, otherCaller, without, withoutAgain] = hub.asked.map(({ request }) => request);
    expect(again).toMatchObject({ commandId: first!.commandId, requestHash: first!.requestHash });
    expect(otherBody!.commandId).toBe(first!.commandId);
    expect(otherBody!.requestHash).not.toBe(first!.requestHash);
    expect(otherCaller!.commandId).not.toBe(first!.commandId);
    expect(without!.requestHash).toBeUndefined();
    expect(without!.commandId).not.toBe(withoutAgain!.commandId);
  });

  it('find a log-in again, and never a stranger’s under the same key', async () => {
    const logIn = (code: string) => post('/v1/sessions', { provider: 'wechat', code }, { 'idempotency-key': '1' });
    for (const code of ['ann', 'ann', 'ben']) expect((await logIn(code)).status).toBe(201);
    const [ann, again, ben] = hub.asked.map(({ request }) => request);
    expect(again).toMatchObject({ commandId: ann!.commandId, requestHash: ann!.requestHash });
    expect(ben!.commandId).not.toBe(ann!.commandId);
  });

  it('say that they are', async () => {
    hub.answering(() => ({ body: { id: someId, status: 'accepted' }, replayed: true }));
    const response = await post('/v1/pushes', push, { ...bearer(bindingKey), 'idempotency-key': 'k' });
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(response.headers.get('location')).toBe(`/v1/pushes/${someId}`);
    hub.reset();
    const fresh = await post('/v1/pushes', push, { ...bearer(bindingKey), 'idempotency-key': 'k' });
    expect(fresh.headers.has('idempotency-replayed')).toBe(false);
  });

  it('are refused under a malformed key', async () => {
    for (const key of ['', 'x'.repeat(256), 'tab\there', 'é']) {
      const response = await post('/v1/pushes', push, { ...bearer(bindingKey), 'idempotency-key': key });
      expect(await problem(response)).toMatchObject({ status: 400, code: 'idempotency.key-invalid' });
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('what a service refuses', () => {
  it.each([
    [
      400,
      'request.invalid',
      new HarkError('invalid', 'request.invalid', 'm', { errors: [{ path: 'a', message: 'b' }] }),
    ],
    [410, 'binding.ended', new HarkError('refused', 'binding.ended', 'm')],
    [404, 'push.unknown', new HarkError('not-found', 'push.unknown', 'm')],
    [409, 'binding.openid-taken', new HarkError('conflict', 'binding.openid-taken', 'm')],
    [422, 'idempotency.mismatch', new HarkError('refused', 'idempotency.mismatch', 'm')],
    [503, 'eventstore.unavailable', new HarkError('unavailable', 'eventstore.unavailable', 'm')],
    [503, 'service.unavailable', new HarkError('unavailable', 'vault.unavailable', 'not for clients')],
    [500, 'hark.internal', new HarkError('invalid', 'event.invalid', 'not for clients')],
    [500, 'hark.internal', new TypeError('secret detail')],
  ])('is told as %i %s', async (status, code, error) => {
    hub.answering(() => {
      throw error;
    });
    const response = await post('/v1/pushes', push, bearer(bindingKey));
    const told = await problem(response);
    expect(told).toMatchObject({ status, code });
    expect(JSON.stringify(told)).not.toContain('secret detail');
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
    if (code === 'request.invalid') expect(told.errors).toEqual([{ path: 'a', message: 'b' }]);
  });

  it('is told with its details, in the language that is wanted', async () => {
    const extra = { until: '2026-12-01T00:00:00.000Z', retryAfter: 2.5, title: 'not this' };
    hub.answering(() => {
      throw new HarkError('refused', 'app.suspended', 'm', { extra });
    });
    const asked = (language: string) =>
      post('/v1/pushes', push, { ...bearer(bindingKey), 'accept-language': language }).then(problem);
    expect(await asked('zh-CN,zh;q=0.9,en;q=0.8')).toMatchObject({
      title: '应用已被临时封禁',
      detail: '因投诉成立，应用被封禁至 2026-12-01T00:00:00.000Z，应用所有者可以申诉。',
      until: extra.until,
    });
    expect(await asked('en')).toMatchObject({ title: 'App suspended', status: 403 });
    expect(hub.asked.map(({ request }) => request.locale)).toEqual(['zh-CN', 'en']);
  });

  it('carries the seconds to wait', async () => {
    hub.answering(() => {
      throw new HarkError('refused', 'push.rate-limited', 'm', { extra: { retryAfter: 2.5 } });
    });
    const response = await post('/v1/pushes', push, bearer(bindingKey));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
  });
});

describe('every answer', () => {
  it.each([
    ['a page', '/docs'],
    ['the document', '/openapi.json'],
    ['no path of ours', '/v1/nothing'],
    ['a refusal', '/v1/bindings'],
    ['a path that is none', '/%zz'],
    ['an id that is too long', `/v1/apps/${'x'.repeat(101)}/public`],
  ])('of %s is not to be cached, sniffed or framed', async (_, path) => {
    const { headers } = await hub.fetch(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it('is by an id of ours, whatever id the client names', async () => {
    const response = await hub.fetch('/docs', { headers: { 'x-request-id': 'mine', 'request-id': 'mine' } });
    expect(response.headers.get('x-request-id')).not.toBe('mine');
  });
});

describe('the document of the interface', () => {
  interface Document {
    openapi: string;
    info: { title: string; version: string };
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[]; responses: object }>>;
  }
  const read = async () => (await (await hub.fetch('/openapi.json')).json()) as Document;

  it('lists every row of the table and nothing else', async () => {
    const { paths, openapi } = await read();
    expect(openapi).toMatch(/^3\.1\./);
    const listed = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const rows = allRoutes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(listed.sort()).toEqual(rows.sort());
  });

  it('declares every parameter of its paths, and every response', async () => {
    const answers = new Map(
      allRoutes.map((row) => [`${row.method} ${row.path.replace(/:(\w+)/g, '{$1}')}`, answersOf(row).length]),
    );
    for (const [path, operations] of Object.entries((await read()).paths)) {
      for (const [method, { parameters, responses }] of Object.entries(operations)) {
        const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
        expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
        const statuses = Object.keys(responses);
        expect(statuses.filter((status) => /^20\d$/.test(status))).toHaveLength(
          answers.get(`${method.toUpperCase()} ${path}`)!,
        );
        expect(statuses).toEqual(expect.arrayContaining(['400', '429', '503', 'default']));
      }
    }
  });

  it('describes what a push may hold', async () => {
    const { paths } = await read();
    expect(paths['/v1/pushes']!.post).toMatchObject({
      security: [{ key: [] }],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              additionalProperties: false,
              required: ['body'],
              properties: {
                body: { type: 'string', maxLength: 4000 },
                priority: { enum: expect.arrayContaining(['high']) },
              },
            },
          },
        },
      },
    });
  });

  it('is read at /docs through Redoc, which is ours alone, and leads to the plain page', async () => {
    const response = await hub.fetch('/docs', { headers: { 'accept-language': 'zh-CN' } });
    const page = await response.text();
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('href="/docs?plain&amp;lang=zh-CN"');
    const [script] = /\/assets\/docs-[\w-]+\.js/.exec(page)!;
    expect((await hub.fetch(script)).headers.get('cache-control')).toContain('immutable');
    expect(page.match(/<script/g)).toHaveLength(1);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('speaks Chinese when it is asked to, and English otherwise', async () => {
    const summaryAt = async (path: string) => {
      const { paths } = (await (await hub.fetch(path, { headers: { 'accept-language': 'zh-CN' } })).json()) as Document;
      return (paths['/v1/pushes']!.post as unknown as { summary: string }).summary;
    };
    expect(await summaryAt('/openapi.json?lang=zh-CN')).toMatch(/\p{Script=Han}/u);
    expect(await summaryAt('/openapi.json')).not.toMatch(/\p{Script=Han}/u);
  });

  it('stands as a page without scripts that can be read, with every call and every code', async () => {
    const response = await hub.fetch('/docs?plain');
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const { path, method } of allRoutes) expect(page).toContain(`<b>${method}</b> ${path}</h2>`);
    for (const code of clientErrorCodes) expect(page).toContain(`<td>${code}</td>`);
    expect(page).not.toContain('<script');
  });

  it('speaks the language of its reader, in every line', async () => {
    const inChinese = [{ headers: { 'accept-language': 'zh-CN,zh;q=0.9' } }, {}] as const;
    const pages = [
      await hub.fetch('/docs?plain', inChinese[0]),
      await hub.fetch('/docs?plain&lang=zh-CN', inChinese[1]),
    ];
    const [page, same] = [await pages[0]!.text(), await pages[1]!.text()];
    expect(page).toContain('<html lang="zh-CN">');
    expect(same).toBe(page);
    const lines = [...page.matchAll(/<h2>.*<\/h2><p>(.*)<\/p>\n<p>([^<]*)<\/p>/g)];
    expect(lines).toHaveLength(allRoutes.length);
    for (const [, summary, who] of lines) for (const line of [summary, who]) expect(line).toMatch(/\p{Script=Han}/u);
    const english = await (await hub.fetch('/docs?plain&lang=en', inChinese[0])).text();
    expect(english).toContain('<html lang="en">');
  });

  it('is all there is beside the console: the server has no other path', () => {
    const server = hub.gateway.app.getHttpAdapter().getInstance() as unknown as {
      hasRoute(route: { method: string; url: string }): boolean;
      printRoutes(options: { commonPrefix: false }): string;
    };
    const tree = server.printRoutes({ commonPrefix: false });
    const ofConsole: readonly string[] = [...consolePages, '/service-worker.js'];
    const paths = [...pathsOf(tree)].filter((path) => !ofConsole.includes(path) && !path.startsWith('/assets/'));
    expect(paths.sort()).toEqual(
      [
        ...new Set(allRoutes.map(({ path }) => path)),
        // `docs/drop-in-senders.md`: each leads to `POST /v1/pushes`.
        ...['/bark', '/gotify', '/ntfy', '/serverchan'].flatMap((path) => [path, `${path}*`]),
        '/docs',
        ...mailLinkPurposes.map((purpose) => `/mail/${purpose}/:token`),
        '/openapi.json',
      ].sort(),
    );
  });
});

/** The paths in Fastify's drawing of its routes. */
function pathsOf(tree: string): Set<string> {
  const parents: string[] = [];
  const paths = new Set<string>();
  for (const line of tree.split('\n')) {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line) ?? [];
    if (part === undefined) continue;
    const depth = indent!.length / 4;
    parents.splice(depth, Infinity, part);
    if (methods) paths.add(parents.slice(0, depth + 1).join(''));
  }
  return paths;
}

describe('health', () => {
  it('is ready once it answers', async () => {
    const ready = async () => (await fetch(`${hub.gateway.healthUrl}/readyz`)).ok;
    expect(await until(ready, { what: 'the gateway is ready' })).toBe(true);
  });

  it('counts and times what it answered by route, method and class of status, never by what was asked', async () => {
    const id = uuid7();
    await fetch(`${hub.gateway.url}/v1/pushes/${id}`);
    await fetch(`${hub.gateway.url}/no/such/${id}`);
    const metrics = async () => (await fetch(`${hub.gateway.healthUrl}/metrics`)).text();
    const labels = 'route="/v1/pushes/:pushId",method="GET",status="4xx",service="gateway"';
    await until(async () => (await metrics()).includes(`hark_http_requests_total{${labels}}`), {
      what: 'it is counted',
    });
    const text = await metrics();
    const timed = text.split('\n').filter((line) => line.startsWith('hark_http_request_duration_seconds_bucket'));
    expect(timed.some((line) => line.includes('le="0.2"') && line.includes('route="/v1/pushes/:pushId"'))).toBe(true);
    expect(text).toContain('hark_http_requests_total{route="none",method="GET",status="4xx",service="gateway"}');
    expect(text).not.toContain(id);
  });
});

describe('a link in a mail', () => {
  const right = { personId: userId, bindingId: someId, consentId: uuid7(), pushId: uuid7() };
  const link = (purpose: MailLinkPurpose, expiresAtMs = Date.now() + 60_000, as = purpose) =>
    mailLinkPath(
      as,
      signMailLink(
        { purpose, ...right, expiresAtMs },
        new Keys(Buffer.from(hub.env.HARK_MASTER_KEY, 'base64')).mailLinks,
      ),
    );
  const oneClick = (path: string) =>
    hub.fetch(path, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });

  it('changes nothing when it is only followed', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await hub.fetch(`${link('unbind')}?lang=en`, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const page = await response.text();
      expect(page.includes('<form method="post"><button>Unbind it')).toBe(method === 'GET');
      expect(page).not.toMatch(/<script|src=|href=|https?:/);
    }
    expect(hub.asked).toEqual([]);
  });

  it('unbinds by one click, and again, in both forms of RFC 8058', async () => {
    const path = link('unbind');
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    expect((await oneClick(path)).status).toBe(200);
    const again = await hub.fetch(path, { method: 'POST', body: multipart });
    expect(again.status).toBe(200);
    expect(await again.text()).toContain('已解绑');
    expect(hub.asked.map(({ subject, data }) => [subject, data])).toEqual(
      [1, 2].map(() => [authSubjects.unbindByLink, {}]),
    );
    const { source: _, ...caller } = hub.asked[0]!.request.caller;
    expect(caller).toEqual({ kind: 'mail-link', roles: [], link: { purpose: 'unbind', ...right } });
  });

  it('mutes', async () => {
    expect((await oneClick(link('mute'))).status).toBe(200);
    expect(hub.asked.map(({ subject, data }) => [subject, data])).toEqual([[authSubjects.muteByLink, {}]]);
  });

  const message = { appName: '<b>Shop', title: 'T', body: 'a  b\n<script>', pushedAt: '2026-11-29T01:02:03.000Z' };
  const complaint = (fields: Readonly<Record<string, string>>) =>
    hub.fetch(`${link('complain')}?lang=en`, { method: 'POST', body: new URLSearchParams(fields) });

  it('shows what it complains about, and complains when told why', async () => {
    hub.answering(({ subject }) => ({
      body: subject === complaintsSubjects.getByLink ? { ...message, is: 'open' } : {},
    }));
    const followed = await hub.fetch(`${link('complain')}?lang=en`);
    expect([followed.status, followed.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(followed.headers.get('content-security-policy')).not.toContain('unsafe');
    const page = await followed.text();
    expect(page).toContain('<p dir="auto">&lt;b&gt;Shop</p>');
    expect(page).toContain('<p dir="auto">a  b\n&lt;script&gt;</p>');
    expect(page).toContain('November 29, 2026 at 1:02 AM UTC');
    const without = await complaint({ note: 'why?' });
    expect(without.status).toBe(422);
    expect(await without.text()).toContain('Please choose a reason.');
    expect((await complaint({ reason: 'spam', note: 'x'.repeat(1_001) })).status).toBe(422);
    expect(new Set(hub.asked.map(({ subject }) => subject))).toEqual(new Set([complaintsSubjects.getByLink]));
    const sent = await complaint({ reason: 'fraud', note: 'not\r\ntrue', inboxItemId: someId, more: 'x' });
    expect([sent.status, await sent.text()]).toEqual([200, expect.stringContaining('Your complaint was received.')]);
    const { subject, data, request } = hub.asked.at(-1)!;
    expect([subject, data]).toEqual([complaintsSubjects.complainByLink, { reason: 'fraud', note: 'not\ntrue' }]);
    expect(request.caller.link).toEqual({ purpose: 'complain', ...right });
  });

  it.each([
    ['complaint.already-made', 200, 'You have complained'],
    ['complaint.too-late', 410, 'for 30 days'],
    ['inbox.unknown', 200, 'is no more'],
  ] as const)('says so when there is nothing to complain about: %s', async (code, status, words) => {
    hub.answering(() => {
      throw new HarkError('refused', code, 'no');
    });
    const answer = await complaint({ reason: 'spam' });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
  });

  it.each([
    ['made', 200],
    ['too-late', 410],
  ])('offers no complaint that is %s', async (is, status) => {
    hub.answering(() => ({ body: { ...message, is } }));
    const followed = await hub.fetch(link('complain'));
    expect([followed.status, (await followed.text()).includes('<form')]).toEqual([status, false]);
  });

  it('does nothing when it is forged, altered, expired or for something else', async () => {
    const good = link('unbind');
    const altered = good.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const path of [
      altered,
      '/mail/unbind/x',
      link('mute', undefined, 'unbind'),
      link('unbind', undefined, 'mute'),
    ])
      expect((await oneClick(path)).status).toBe(404);
    expect((await oneClick(link('unbind', Date.now() - 1_000))).status).toBe(410);
    expect(hub.asked).toEqual([]);
  });

  it('says so when nothing is left to stop', async () => {
    hub.answering(() => {
      throw new HarkError('not-found', 'binding.unknown', 'no such binding');
    });
    const response = await oneClick(`${link('mute')}?lang=en`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('nothing left to do');
  });
});
