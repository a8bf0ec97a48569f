import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { appSecret, bearer, bindingKey, GatewayHarness, json, problem, someId } from './gateway.fixture';
import { Problem } from './http/problem';
import { allRoutes } from './routes/all-routes';
import { Access, namesOfSenders, Route } from './routes/route';

let hub: GatewayHarness;
let operator: string;
beforeAll(async () => {
  hub = await GatewayHarness.start();
  operator = await hub.session(['user', 'operator', 'admin']);
});
afterAll(() => hub.close());
beforeEach(() => hub.reset());
afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const pathOf = (row: Route, id: string = someId): string => row.path.replace(/:\w+/g, id);
const tokens: Partial<Record<Access, string>> = { credential: bindingKey, app: appSecret };
const tokenOf = ({ access }: Route): string => tokens[access] ?? operator;
const send = (row: Route, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  hub.fetch(pathOf(row), {
    method: row.method,
    headers: { ...json, ...bearer(tokenOf(row)), ...headers },
    body: typeof body === 'string' ? body : Buffer.from(body),
  });

/** A request that each row with a body takes. */
const valid: Readonly<Record<string, Record<string, unknown>>> = {
  'POST /v1/sessions': { provider: 'wechat', code: '0a1b2c' },
  'POST /v1/sessions/refresh': { refreshToken: 'hrt_x' },
  'POST /v1/sessions/current/totp': { code: '123456' },
  'POST /v1/me/totp/confirm': { code: '123456' },
  'POST /v1/me/totp/remove': { code: '123456' },
  'PATCH /v1/me': { locale: 'en', digest: { every: 'day' }, retentionDays: 90 },
  'POST /v1/me/wechat-profile': { encryptedData: 'eA==', iv: 'aQ==', rawData: '{}', signature: 'ab' },
  'POST /v1/ops/parked/replay': { group: 'delivery.deliver-push' },
  'PATCH /v1/ops/rules': { added: [], removed: [], seen: 0 },
  'POST /v1/ops/rules/dry-run': { added: [], removed: [] },
  'POST /v1/ops/users/find': { email: 'ann@mail.example' },
  'POST /v1/ops/users/:userId/roles': { role: 'operator' },
  'POST /v1/apps': {
    name: 'Hacker密码',
    description: 'd',
    homepage: 'https://example.com/',
    redirectUris: [],
    callbackUrl: 'https://example.com/',
  },
  'PATCH /v1/apps/:appId': { name: 'n', description: 'd', homepage: 'https://example.com/' },
  'POST /v1/apps/:appId/secret': { revokeNow: true },
  'POST /v1/apps/:appId/callback-secret': { revokeNow: true },
  'POST /v1/claims': { wechatAppId: 'wx0123456789abcdef', appSecret: 's' },
  'POST /v1/apps/:appId/transfer': { to: someId },
  'POST /v1/apps/:appId/transfer/accept': { revokeNow: true },
  'POST /v1/apps/:appId/bindings/:bindingId/confirm': { openid: 'o', key: bindingKey },
  'POST /v1/binding-requests': {
    openid: 'o',
    state: 's',
    redirectUri: 'https://a.example/back',
    purpose: 'p',
    codeChallenge: 'c'.repeat(43),
  },
  'POST /v1/binding-requests/:requestId/approve': { level: 'weak', channels: [someId], termsHash: 'a'.repeat(64) },
  'POST /v1/bindings/exchange': { code: 'hbc_code', codeVerifier: 'v'.repeat(43) },
  'POST /v1/bindings': { wechatAppId: 'wx0123456789abcdef', appName: 'n', openid: 'o', level: 'strong' },
  'PATCH /v1/bindings/:bindingId': {
    level: 'weak',
    muted: true,
    mutedUntil: '2026-12-01T09:00:00+08:00',
    channels: [someId],
    digest: { every: 'never' },
    critical: true,
    readReceipts: true,
  },
  'POST /v1/endpoints': { kind: 'bark', deviceKey: 'k' },
  'POST /v1/endpoints/:endpointId/credits': { results: { template: 'accept' } },
  'PATCH /v1/endpoints/order': { endpointIds: [someId] },
  'PATCH /v1/endpoints/:endpointId': { name: 'n' },
  'POST /v1/endpoints/:endpointId/verify': { code: '123456' },
  'POST /v1/pushes': {
    title: 't',
    body: 'b',
    url: 'https://example.com/',
    priority: 'high',
    tags: ['a'],
    thread: 't',
    openid: 'o',
    key: bindingKey,
  },
  'POST /v1/pushes/preview': { body: 'b', priority: 'high', openid: 'o' },
  'POST /v1/pushes/batch': { pushes: [{ body: 'b' }] },
  'PATCH /v1/pushes/:pushId': { title: 't', body: 'b', url: 'https://example.com/', tags: ['a'] },
  'POST /v1/inbox/batch': { mark: 'keep', ids: [someId] },
  'POST /v1/complaints': { inboxItemId: someId, reason: 'spam', note: 'n' },
  'POST /v1/ops/complaints/:complaintId/uphold': { severity: 'major', note: 'n' },
  'POST /v1/ops/complaints/:complaintId/dismiss': { note: 'n' },
  'POST /v1/apps/:appId/appeals': { penaltyId: someId, note: 'n' },
  'POST /v1/ops/appeals/:complaintId/grant': { note: 'n' },
  'POST /v1/ops/appeals/:complaintId/refuse': { note: 'n' },
  'POST /v1/ops/apps/:appId/reinstate': { points: 9, note: 'n' },
  'POST /v1/ops/apps/:appId/ban': { note: 'n' },
  'POST /v1/ops/apps/:appId/ban/reject': { note: 'n' },
  'POST /v1/ops/reviews/:pushId/approve': { note: 'n' },
  'POST /v1/ops/reviews/:pushId/reject': { note: 'n' },
};
/** Fields that `null` takes away. */
const clearable: ReadonlySet<string> = new Set([
  'PATCH /v1/bindings/:bindingId channels',
  'PATCH /v1/bindings/:bindingId digest',
  'PATCH /v1/pushes/:pushId title',
  'PATCH /v1/pushes/:pushId url',
  'PATCH /v1/pushes/:pushId tags',
  'PATCH /v1/me digest',
  'PATCH /v1/me retentionDays',
  'PATCH /v1/apps/:appId description',
  'PATCH /v1/apps/:appId homepage',
  'PATCH /v1/apps/:appId callbackUrl',
]);
// What WeChat pushes is of its making and may hold anything.
const withBody = allRoutes
  .filter(({ body, path }) => body && path !== '/v1/wechat/events')
  .map((row) => [`${row.method} ${row.path}`, row, valid[`${row.method} ${row.path}`]!] as const);

const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const unreadable: readonly (string | Uint8Array)[] = [
  '{nope',
  '{',
  '}',
  '[',
  '"',
  '{"a":}',
  '{"a":1,}',
  '{"a":1}{"a":2}',
  "{'a':1}",
  '{a:1}',
  '{"a":NaN}',
  '{"a":undefined}',
  '{"a":01}',
  '{"a":"\n"}',
  '{"a":"\\x41"}',
  '{"a":"\\ud8"}',
  '// nothing',
  ' ',
  '\0',
  'key=value',
  '<xml/>',
  nested(40),
  nested(30_000),
  '{"a":'.repeat(5_000),
  '['.repeat(60_000),
  Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x7b, 0x7d), // two byte order marks
  Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00), // UTF-16
  Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d), // a broken sequence
  Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d), // a surrogate in UTF-8
  Uint8Array.of(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d), // an overlong NUL
];
const unfit: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '""',
  '"text"',
  '[]',
  '[{}]',
  '{"☃":1}',
  '{"":1}',
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"a":{"__proto__":{"polluted":true}}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":"x"}',
  '{"hasOwnProperty":1}',
  '{"then":"x"}',
  '{"$ne":null}',
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"a":"\\ud800"}',
  '{"a":"\\udc00\\ud800"}',
  '{"a":"\\u0000"}',
  '{"\\ud800":1}',
  `{${Array.from({ length: 1_001 }, (_, index) => `"k${index}":1`).join(',')}}`,
];
/** What no client decides about anything. */
const reserved = ['id', 'ownerId', 'personId', 'userId', 'role', 'roles', 'status', 'verified', 'points', 'credential'];

async function refused(response: Response): Promise<Problem> {
  const told = await problem(response);
  expect(Math.floor(response.status / 100)).toBe(4);
  return told;
}

describe.each(withBody)('%s', (name, row, sample) => {
  it('takes what fits', async () => {
    const response = await send(row, JSON.stringify(sample));
    expect([response.status, hub.asked.length]).toEqual([row.status, 1]);
  });

  it('refuses what cannot be read, and what is no request', async () => {
    for (const body of [...unreadable, ...unfit]) await refused(await send(row, body));
    expect(hub.asked).toEqual([]);
  });

  it('refuses every field of a wrong type, with its name and in the language of whoever sent it', async () => {
    for (const [field, right] of Object.entries(sample)) {
      const wrong: unknown[] = [{}, [[]], 0.5, -1, 'x\u0000', '\ud800', 'x'.repeat(20_001)];
      if (typeof right !== 'string') wrong.push('text');
      if (!['string', 'number'].includes(typeof right)) wrong.push(1);
      if (!clearable.has(`${name} ${field}`)) wrong.push(null);
      if (field === 'pushes') wrong.splice(1, 1); // each push is checked by itself
      if (field === 'deviceKey') wrong.splice(0, 1); // the channel says what is in it, and it may be an object
      if (field === 'deviceKey') wrong.splice(wrong.indexOf(-1), 1);
      for (const value of wrong) {
        const body = JSON.stringify({ ...sample, [field]: value });
        const told = await refused(await send(row, body, { 'accept-language': 'zh-CN' }));
        if (told.code !== 'request.invalid') continue;
        expect(told.errors).not.toEqual([]);
        for (const { message } of told.errors!) expect(message).toMatch(/\p{Script=Han}/u);
      }
    }
    expect(hub.asked).toEqual([]);
  });

  it('refuses fields that are not the client’s to set', async () => {
    if (name === 'POST /v1/endpoints') return; // each kind has fields of its own, which its channel checks
    for (const field of reserved.filter((one) => !Object.hasOwn(sample, one))) {
      const told = await refused(await send(row, JSON.stringify({ ...sample, [field]: someId })));
      expect(told.errors).toContainEqual({ path: field, message: expect.stringContaining('unknown field') as string });
    }
    expect(hub.asked).toEqual([]);
  });

  it('refuses encodings, other types and what is too large', async () => {
    const body = JSON.stringify(sample);
    const codes: string[] = [];
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'identity, gzip', 'x']) {
      codes.push((await refused(await send(row, gzipSync(body), { 'content-encoding': encoding }))).code);
    }
    expect(new Set(codes)).toEqual(new Set(['request.encoding']));
    const types = [
      'multipart/form-data; boundary=x',
      'x',
      'application/json; charset=gbk',
      'application/jsonp',
      'application/xml',
    ];
    for (const type of types) {
      expect(['request.content-type', 'request.not-json']).toContain(
        (await refused(await send(row, body, { 'content-type': type }))).code,
      );
    }
    const large = JSON.stringify({ ...sample, body: 'x'.repeat(row.batch ? 1_100_000 : 70_000) });
    expect((await refused(await send(row, large))).code).toBe('request.too-large');
    expect(hub.asked).toEqual([]);
  });
});

describe('types of JSON', () => {
  const push = JSON.stringify({ openid: 'o', body: 'b' });
  const headers = bearer(bindingKey);
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/merge-patch+json',
    'application/x-www-form-urlencoded',
    'text/plain;charset=UTF-8',
    'application/json; charset=utf8',
    'application/json; charset=',
    'application/json;charset=""',
    'application/json; charset=US-ASCII',
    'text/json',
  ])('include %s', async (type) => {
    const sent = { method: 'POST', headers: { ...headers, 'content-type': type }, body: push };
    expect((await hub.fetch('/v1/pushes', sent)).status).toBe(202);
  });
  it('include none at all', async () => {
    const body = new Blob([push]); // of no type
    expect((await hub.fetch('/v1/pushes', { method: 'POST', headers, body })).status).toBe(202);
  });
});

describe('ids in paths', () => {
  const withId = allRoutes
    // What senders and browsers name is for the service to check.
    .filter(({ path }) => path.split('/').some((part) => part.startsWith(':') && !namesOfSenders.has(part.slice(1))))
    .map((row) => [`${row.method} ${row.path}`, row] as const);
  const ids = [
    'x',
    '*',
    '>',
    '..',
    '%2e%2e',
    '%2F',
    '%2f%2e%2e%2fapps',
    '%00',
    '%20',
    '%0d%0a',
    "'",
    "'--",
    '%22',
    '1;drop',
    'a.b',
    '$all',
    '-',
    '%c0%ae',
    '%ff',
    '%',
    '%2',
    '%zz',
    '[object%20Object]',
    'undefined',
    'null',
    '__proto__',
    'constructor',
    '3'.repeat(36),
    '0'.repeat(5_000),
    someId.toUpperCase().replace(/3/g, 'A'),
    `${someId}%00`,
    ` ${someId}`,
    `${someId},${someId}`,
  ];

  it.each(withId)('of %s are refused like unknown ones unless they are ids', async (_, row) => {
    for (const id of ids) {
      const headers = { ...json, ...bearer(tokenOf(row)) };
      const body = row.body ? JSON.stringify(valid[`${row.method} ${row.path}`]) : undefined;
      const response = await hub.fetch(pathOf(row, id), { method: row.method, headers, ...(body && { body }) });
      await refused(response);
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('queries', () => {
  const lists = allRoutes.filter(({ method, path }) => method === 'GET' && !path.includes(':'));
  it.each(lists.map((row) => [row.path, row] as const))('of %s are refused when they do not fit', async (_, row) => {
    const queries = [
      'x=1',
      'id[]=1',
      'id[$ne]=1',
      '__proto__=1',
      '__proto__[polluted]=1',
      'constructor[prototype][polluted]=1',
      'limit[$gt]=1',
      'ownerId=1',
      ...(row.query && 'role' in row.query.shape ? ['role=chief'] : ['role=admin']),
      '=',
      '%00=1',
      '%ff=1',
      '\ud800=1',
    ];
    if (row.query)
      queries.push(
        'limit=0',
        'limit=201',
        'limit=-1',
        'limit=x',
        'limit=1.5',
        'limit=',
        'limit=1&limit=2',
        `cursor=${'x'.repeat(5_000)}`,
        'cursor=a&cursor=b',
        'limit=NaN',
        'limit=1e9',
      );
    for (const query of queries) {
      await refused(await hub.fetch(`${row.path}?${query}`, { headers: bearer(tokenOf(row)) }));
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('ways to spell a path', () => {
  it('are other paths, or the same decision', async () => {
    const gated = allRoutes.filter(({ access }) => access !== 'anyone');
    for (const row of gated) {
      const path = pathOf(row);
      const encoded = path.replace('/v1/', '/%76%31/');
      const spelt = [
        `${path}/`,
        `/${path}`,
        path.replace('/v1/', '/v1//'),
        path.toUpperCase(),
        `${path}.json`,
        `${path};a`,
        `${path}%20`,
        `${path}/.`,
        `/.${path}`,
        `/x/..${path}`,
        encoded,
        `${path}?`,
        `${path}#x`,
        path.replace('/v1', '/v1/./'),
      ];
      for (const one of spelt) {
        for (const method of [row.method, 'HEAD']) {
          const response = await hub.fetch(one, { method });
          if (![400, 401, 404, 405].includes(response.status))
            throw new Error(`${method} ${one} is ${response.status}`);
        }
      }
    }
    expect(hub.asked).toEqual([]);
  });
});

describe('what is no HTTP', () => {
  const host = 'Host: localhost\r\n';
  const auth = `Authorization: Bearer ${appSecret}\r\n`;
  it.each([
    ['no method', `GARBAGE\r\n\r\n`],
    ['an unknown method', `FLY /v1/apps HTTP/1.1\r\n${host}\r\n`],
    ['two lengths', `POST /v1/pushes HTTP/1.1\r\n${host}${auth}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{"a":`],
    [
      'length and chunks',
      `POST /v1/pushes HTTP/1.1\r\n${host}${auth}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `POST /v1/pushes HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`],
    ['a bad chunk', `POST /v1/pushes HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
    ['a folded header', `GET /v1/apps HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`],
    ['a NUL in a header', `GET /v1/apps HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n`],
    ['a space before the colon', `GET /v1/apps HTTP/1.1\r\n${host}X-A : b\r\n\r\n`],
    ['no host', `GET /v1/apps HTTP/1.1\r\n\r\n`],
    ['headers of 20 kB', `GET /v1/apps HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`],
    [
      'a bearer token of 1 MB',
      `GET /v1/apps HTTP/1.1\r\n${host}Authorization: Bearer ${'a'.repeat(1_000_000)}\r\n\r\n`,
    ],
  ])('%s is refused, and the connection closed', async (_, bytes) => {
    const answer = await raw(bytes);
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(head!.toLowerCase()).toContain('connection: close');
    expect(JSON.parse(body!)).toMatchObject({ code: expect.stringMatching(/^request\./) as string });
    expect(hub.asked).toEqual([]);
  });

  it('an absolute target is the path in it', async () => {
    const answer = await raw(`GET http://elsewhere/v1/apps HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[14] /);
  });
});

/** How long a connection may be silent before the test takes it for one that never ends. */
const rawDeadlineMs = 60_000;

/** Sends bytes as they are, and collects what comes until the connection ends. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.setTimeout(rawDeadlineMs, () => socket.destroy(new Error(`no end within ${rawDeadlineMs} ms`)));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
    );
  });
}
