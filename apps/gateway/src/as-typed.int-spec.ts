import { connect } from 'node:net';
import { bearer, bindingKey, GatewayHarness, json, problem, someId } from './gateway.fixture';
import { allRoutes } from './routes/all-routes';

let hub: GatewayHarness;
let session: string;
beforeAll(async () => {
  hub = await GatewayHarness.start();
  session = await hub.session();
});
afterAll(() => hub.close());
beforeEach(() => hub.reset());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const text = { 'content-type': 'text/plain' };
const push = (body: string | Buffer<ArrayBuffer> | undefined, headers: Record<string, string> = form, query = '') =>
  hub.fetch(`/v1/pushes${query}`, {
    method: 'POST',
    headers: { ...bearer(bindingKey), ...headers },
    body: body ?? null,
  });
const pushed = () => {
  const { credential: _, ...fields } = hub.asked.at(-1)!.data;
  return fields;
};
const post = (path: string, headers: Record<string, string>, body = '{"body":"b"}') =>
  hub.fetch(path, { method: 'POST', headers, body });

/** How long a connection may be silent before the test takes it for one that never ends. */
const rawDeadlineMs = 60_000;

/** Sends bytes as they are, and collects what comes until the connection ends. */
function raw(bytes: string): Promise<{ head: string; body: string }> {
  const { hostname, port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.setTimeout(rawDeadlineMs, () => socket.destroy(new Error(`no end within ${rawDeadlineMs} ms`)));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      resolve({ head, body });
    });
  });
}

describe('a push', () => {
  it.each<[string, string | undefined, Record<string, string>, string, object]>([
    ['a form', 'title=hi&body=hello', form, '', { title: 'hi', body: 'hello' }],
    ['a form in UTF-8', 'body=%E4%BD%A0%E5%A5%BD+%2B1&', form, '', { body: '你好 +1' }],
    ['a form with raw UTF-8', 'body=你好', form, '', { body: '你好' }],
    ['a list in a form', 'body=b&tags=a,b&tags=c', form, '', { body: 'b', tags: ['a', 'b', 'c'] }],
    ['a text that curl calls a form', 'disk full & 91 % of /var+x\n', form, '', { body: 'disk full & 91 % of /var+x' }],
    ['a text that looks like a form', 'cpu=91%', form, '', { body: 'cpu=91%' }],
    ['a text with all that a form may have', '91% of a=b & c=%zz+1', form, '', { body: '91% of a=b & c=%zz+1' }],
    ['a text like a form with the rest in the query', 'cpu=91%', form, '?title=hi', { title: 'hi', body: 'cpu=91%' }],
    [
      'a form with a % that begins nothing',
      'body=50% of 100%25&title=a%b',
      form,
      '',
      { body: '50% of 100%', title: 'a%b' },
    ],
    ['plain text', 'disk full\non /var\n', text, '', { body: 'disk full\non /var' }],
    [
      'plain text with the rest in the query',
      'hello',
      text,
      '?title=hi&tags=a',
      { title: 'hi', tags: ['a'], body: 'hello' },
    ],
    ['the query alone', undefined, {}, '?title=hi&body=hello%20there', { title: 'hi', body: 'hello there' }],
    ['JSON with the rest in the query', '{"body":"b"}', json, '?priority=high', { body: 'b', priority: 'high' }],
    ['JSON that curl calls a form', '{"title": "工单", "body": "b=1&c"}', form, '', { title: '工单', body: 'b=1&c' }],
    ['JSON behind a byte order mark', '\ufeff{"body":"b"}', json, '', { body: 'b' }],
  ])('is taken from %s', async (_, body, headers, query, fields) => {
    const response = await push(body, headers, query);
    expect([response.status, pushed()]).toEqual([202, fields]);
  });

  it('is the same command from a form as from JSON', async () => {
    const key = { 'idempotency-key': 'k' };
    await push('title=hi&body=hello', { ...form, ...key });
    await push('{"body":"hello","title":"hi"}', { ...json, ...key });
    const [one, other] = hub.asked.map(({ request }) => request);
    expect(one).toMatchObject({ commandId: other!.commandId, requestHash: other!.requestHash });
  });

  it('takes its key from a form', async () => {
    const response = await post('/v1/pushes', form, `body=b&key=${bindingKey}`);
    expect([response.status, hub.asked.at(-1)?.data]).toEqual([202, { body: 'b', credential: bindingKey }]);
  });

  it.each<[string, string, Record<string, string>, string, string]>([
    ['a field that stands twice', 'body=a&body=b', form, '', 'body'],
    ['a field in the body and in the query', 'body=a', form, '?body=b', 'body'],
    ['what is not percent-encoded UTF-8', 'body=%ff', form, '', '$'],
    ['an unknown field of a form', 'body=a&ttile=b', form, '', 'ttile'],
    ['a form of another hub', 'message=a', form, '', 'body'],
    ['a text that stands in the body and in the query', 'cpu=91%', form, '?body=b', 'body'],
    ['__proto__ in a form', '__proto__=x&body=b', form, '', '__proto__'],
  ])('is refused with %s', async (_, body, headers, query, path) => {
    const told = await problem(await push(body, headers, query));
    expect([told.status, told.errors?.[0]?.path]).toEqual([400, path]);
    expect(hub.asked).toEqual([]);
  });

  it('is refused in bytes that are no UTF-8', async () => {
    const told = await problem(await push(Buffer.from([0x62, 0x6f, 0x64, 0x79, 0x3d, 0xc4, 0xe3])));
    expect(told).toMatchObject({ status: 400, code: 'request.not-text' });
  });

  it('is described with all of these ways, in the document and on the page in both languages', async () => {
    const document = (await (await hub.fetch('/openapi.json')).json()) as {
      paths: Record<
        string,
        { post: { parameters: { name: string }[]; requestBody: { required: boolean; content: object } } }
      >;
    };
    const { parameters, requestBody } = document.paths['/v1/pushes']!.post;
    expect(Object.keys(requestBody.content)).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
    ]);
    expect(requestBody.required).toBe(false);
    const names = parameters.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['title', 'body', 'tags']));
    expect(names).not.toContain('key');
    expect(await (await hub.fetch('/docs?plain&lang=en')).text()).toContain('Also takes a form');
    expect(await (await hub.fetch('/docs?plain&lang=zh-CN')).text()).toContain('也接受表单');
  });

  it('alone takes forms and texts', async () => {
    for (const type of [form, text]) {
      const response = await post('/v1/sessions', type, 'provider=wechat&code=x');
      expect(await problem(response)).toMatchObject({ status: 415, code: 'request.content-type' });
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('a call without a body', () => {
  const archive = (body: string, headers: Record<string, string>) =>
    hub.fetch(`/v1/inbox/${someId}/archive`, { method: 'POST', headers: { ...bearer(session), ...headers }, body });

  it.each([
    ['nothing', '', json],
    ['no field', '{}', json],
  ])('takes %s', async (_, body, headers) => expect((await archive(body, headers)).status).toBe(200));

  it.each([
    ['a field, which would have no effect', '{"appId":"a"}', json, 400, 'request.invalid'],
    ['a list', '[]', json, 400, 'request.invalid'],
    ['a text', 'all', text, 415, 'request.content-type'],
  ])('refuses %s', async (_, body, headers, status, code) => {
    expect(await problem(await archive(body, headers))).toMatchObject({ status, code });
    expect(hub.asked).toEqual([]);
  });
});

describe('an unknown address', () => {
  it('is answered with those that come near, in the language that is wanted', async () => {
    const told = async (path: string, language: string) => {
      const headers = { ...bearer(bindingKey), ...json, 'accept-language': language };
      return problem(await hub.fetch(path, { method: 'POST', headers, body: '{"body":"b"}' }));
    };
    expect(await told('/v1/push', 'en')).toMatchObject({
      status: 404,
      code: 'route.unknown',
      errors: [{ path: '$', message: 'did you mean POST /v1/pushes?' }],
    });
    expect((await told('/v1/messages', 'zh-CN')).errors).toEqual([{ path: '$', message: '是不是 POST /v1/pushes？' }]);
    expect(await told('/wp-login.php', 'en')).not.toHaveProperty('errors');
  });
});

describe('an unknown field', () => {
  it('is answered with the one that was meant and those there are, in the language that is wanted', async () => {
    const told = async (language: string) =>
      (await problem(await push('body=b&ttile=x', { ...form, 'accept-language': language }))).errors![0]!;
    expect(await told('en')).toMatchObject({
      path: 'ttile',
      message: expect.stringMatching(/did you mean title\? Known are .*priority/) as string,
    });
    expect((await told('zh-CN')).message).toContain('是不是 title');
  });
});

describe('an address with a slash at its end', () => {
  it.each(allRoutes.map((row) => [`${row.method} ${row.path}`, row] as const))(
    '%s is the same route',
    async (_, row) => {
      const path = row.path.replace(/:\w+/g, someId);
      const [plain, slashed] = await Promise.all(
        [path, `${path}/`].map((one) =>
          hub.fetch(one, { method: row.method }).then(async (response) => ({
            status: response.status,
            code: ((await response.json().catch(() => ({}))) as { code?: string }).code,
          })),
        ),
      );
      expect(slashed).toEqual(plain);
    },
  );

  it('pushes', async () => {
    expect((await post('/v1/pushes/', { ...json, ...bearer(bindingKey) })).status).toBe(202);
  });
});

describe('a method that an address does not have', () => {
  it('is told which there are', async () => {
    const response = await hub.fetch('/v1/pushes', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST, GET, HEAD');
    expect(await problem(response)).toMatchObject({
      status: 405,
      allow: 'POST, GET, HEAD',
      detail: expect.stringContaining('POST') as string,
    });
  });
});

describe('a key', () => {
  const basic = `Basic ${Buffer.from(`x:${bindingKey}`).toString('base64')}`;
  it.each<[string, Record<string, string>, string]>([
    ['bare', { authorization: bindingKey }, 'Authorization: <key>'],
    ['as Basic', { authorization: basic }, 'Authorization: Basic'],
    ['as a Token', { authorization: `Token ${bindingKey}` }, 'Authorization: Token'],
    ['as X-Gotify-Key', { 'x-gotify-key': bindingKey }, 'X-Gotify-Key'],
    ['as X-Api-Key', { 'x-api-key': bindingKey }, 'X-Api-Key'],
  ])('%s is told in which form it came and which is right', async (_, headers, shown) => {
    const told = await problem(await post('/v1/pushes', { ...json, ...headers }));
    expect(told).toMatchObject({ status: 401, code: 'credential.misplaced', form: shown });
    expect(told.detail).toContain(shown);
    expect(told.detail).toContain('Authorization: Bearer');
    expect(JSON.stringify(told)).not.toContain(bindingKey);
    expect(hub.asked).toEqual([]);
  });

  it.each(['token', 'key', 'access_token'])('in the query as %s is refused, also beside a right one', async (name) => {
    const path = `/v1/pushes?${name}=${bindingKey}`;
    for (const headers of [json, { ...json, ...bearer(bindingKey) }]) {
      const told = await problem(await post(path, headers));
      expect(told).toMatchObject({ status: 400, code: 'credential.in-url', form: `?${name}=…` });
      expect(JSON.stringify(told)).not.toContain(bindingKey);
    }
    expect(hub.asked).toEqual([]);
  });

  it.each(['Bearer  ', 'bearer ', 'BEARER    '])('after %p is read', async (scheme) => {
    expect((await post('/v1/pushes', { ...json, authorization: `${scheme}${bindingKey}` })).status).toBe(202);
  });
});

describe('a header that counts once', () => {
  const head = (lines: string[]) =>
    [
      'POST /v1/pushes HTTP/1.1',
      'Connection: close',
      'Content-Type: application/json',
      ...lines,
      '',
      '{"body":"b"}',
    ].join('\r\n');
  const host = 'Host: x';
  const length = 'Content-Length: 12';
  const auth = `Authorization: Bearer ${bindingKey}`;
  it.each([
    ['Idempotency-Key', [host, length, auth, 'Idempotency-Key: a', 'idempotency-key: a']],
    ['Authorization', [host, length, auth, `AUTHORIZATION: Bearer ${bindingKey}`]],
    ['Hark-Position', [host, length, auth, 'Hark-Position: 1-a', 'Hark-Position: 2-a']],
    ['Host', [host, 'Host: y', length, auth]],
    ['Content-Type', [host, length, auth, 'content-type: text/plain']],
  ])('%s is refused when it comes twice', async (name, lines) => {
    const answer = await raw(head(lines));
    expect(answer.head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'request.invalid', errors: [{ path: name }] });
    expect(hub.asked).toEqual([]);
  });

  it('and Content-Length, too', async () => {
    const answer = await raw(head([host, auth, length, length]));
    expect(answer.head).toMatch(/^HTTP\/1\.1 400 /);
    expect(hub.asked).toEqual([]);
  });

  it('is taken when it comes once', async () => {
    expect((await raw(head([host, length, auth, 'Idempotency-Key: a']))).head).toMatch(/^HTTP\/1\.1 202 /);
  });
});

describe('an expectation', () => {
  it('that is not known is refused with a problem', async () => {
    const answer = await raw(
      `POST /v1/pushes HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nAccept-Language: zh-CN\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(answer.head).toMatch(/^HTTP\/1\.1 417 /);
    expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 417,
      code: 'request.expectation',
      title: '无法满足 Expect',
    });
  });

  it('of 100-continue is met', async () => {
    const answer = await raw(
      `POST /v1/pushes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bindingKey}\r\nExpect: 100-continue\r\n` +
        'Content-Length: 12\r\nConnection: close\r\n\r\n{"body":"b"}',
    );
    expect(answer.head).toMatch(/^HTTP\/1\.1 100 /);
    expect(hub.asked).toHaveLength(1);
  });

  it('to be a proxy is refused with a problem', async () => {
    const answer = await raw('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n');
    expect(answer.head).toMatch(/^HTTP\/1\.1 501 /);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'method.unknown' });
  });
});

describe('JSON that cannot be read', () => {
  const fault = async (body: string | Uint8Array) => {
    const told = await problem(await push(typeof body === 'string' ? body : Buffer.from(body), json));
    expect(hub.asked).toEqual([]);
    return { code: told.code, ...told.errors?.[0] };
  };
  it.each<[string, string | Uint8Array, string, string]>([
    ['a comma too many', '{"body": "b",}', '$', 'line 1, column 14: a comma before }'],
    ['a comma too many in a list', '{"body": "b",\n "tags": ["a", ]}', '$', 'line 2, column 16: a comma before ]'],
    ['single quotes', "{'body': 'b'}", '$', 'line 1, column 2: text stands in double quotes'],
    ['a line end in a text', '{"body": "a\nb"}', '$', 'a line end or tab inside text'],
    ['no end', '{"body": "b"', '$', 'it ends too early'],
    ['UTF-16', Buffer.from('\ufeff{"body":"b"}', 'utf16le'), '$', 'UTF-16'],
    ['UTF-16 without a mark', Buffer.from('{"body":"b"}', 'utf16le'), '$', 'UTF-16'],
    ['another charset', Buffer.from([0x7b, 0x22, 0xc4, 0xe3, 0x22, 0x3a, 0x31, 0x7d]), '$', 'is not UTF-8'],
  ])('says where and why: %s', async (_, body, path, message) => {
    expect(await fault(body)).toMatchObject({
      code: 'request.not-json',
      path,
      message: expect.stringContaining(message) as string,
    });
  });

  it('says so in Chinese, too', async () => {
    const told = await problem(await push('{"body": "b",}', { ...json, 'accept-language': 'zh-CN' }));
    expect(told.errors).toEqual([{ path: '$', message: '第 1 行第 14 列：} 前面多了一个逗号' }]);
  });

  it('is named at its field when half a surrogate pair or NUL is in it', async () => {
    expect(await fault('{"title":"t","body":"\\ud83d"}')).toMatchObject({ code: 'request.invalid', path: 'body' });
    expect(await fault('{"body":"b","tags":["a","\\udc00"]}')).toMatchObject({ path: 'tags.1' });
    expect(await fault('{"body":"a\\u0000"}')).toMatchObject({ path: 'body' });
    expect(await fault('{"a\\ud83d":1}')).toMatchObject({ path: 'a\ufffd' });
  });
});
