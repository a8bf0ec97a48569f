import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { Outbound } from '@hark/outbound';
import { WechatClient } from './wechat-client';
import { WechatError } from './wechat-error';

interface Call {
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: Record<string, unknown>;
  readonly raw: string;
}
/** What the platform answers: JSON (or text as it is), `hang`, `cut`, or a status with a page. */
type Answer = object | string | { status: number };
type Platform = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ok = { errcode: 0, errmsg: 'ok' };
const staleToken = {
  errcode: 40001,
  errmsg: 'invalid credential, access_token is invalid or not latest rid: 616e6385-74ba0201-4a349921',
};

/** A platform that hands out `token-1`, `token-2`, … and answers everything else by `platform`. */
async function wechatWith(platform: Platform, tokenSeconds = 7_200) {
  const calls: Call[] = [];
  let nowMs = 1_000_000;
  let tokens = 0;
  const answer = (call: Call): Answer | Promise<Answer> => {
    const own = platform(call);
    if (own instanceof Promise) return own.then((given) => given ?? ok);
    if (own !== undefined) return own;
    if (call.path === '/cgi-bin/stable_token')
      return { access_token: `token-${(tokens += 1)}`, expires_in: tokenSeconds };
    return ok;
  };
  const server = createServer((request, response) => void respond(request, response, calls, answer));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outbound = new Outbound({ allowOrigins: [baseUrl] });
  closers.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => sockets.forEach((socket) => socket.destroy()),
    () => outbound.close(),
  );
  const client = new WechatClient({ outbound, baseUrl, appId: 'wx01', appSecret: 's3cret', nowMs: () => nowMs });
  const callsTo = (path: string) => calls.filter((call) => call.path === path);
  return { client, calls, callsTo, passMs: (ms: number) => (nowMs += ms) };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  calls: Call[],
  answer: (call: Call) => Answer | Promise<Answer>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://x');
  const body = raw === '' ? {} : (JSON.parse(raw) as Record<string, unknown>);
  const call = { path: url.pathname, query: Object.fromEntries(url.searchParams), body, raw };
  calls.push(call);
  const given = await answer(call);
  if (given === 'cut') return void request.socket.destroy();
  if (typeof given === 'object' && 'status' in given)
    return void response.writeHead(Number(given.status)).end('<html>');
  response.setHeader('content-type', 'text/plain').end(typeof given === 'string' ? given : JSON.stringify(given));
}

async function failureOf(work: Promise<unknown>): Promise<WechatError> {
  const error: unknown = await work.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof WechatError) return error;
  throw error;
}

describe('exchanging a login code', () => {
  const at = (replies: readonly Answer[]) => {
    let i = 0;
    return wechatWith(({ path }) =>
      path === '/sns/jscode2session' ? replies[Math.min(i++, replies.length - 1)] : undefined,
    );
  };

  it('yields openid, session key and union id', async () => {
    const { client, calls } = await at([{ openid: 'o-1', session_key: 'o0q0otL8aEzpcZL/FT9WsQ==', unionid: 'u-1' }]);
    expect(await client.code2Session('c+/ 1')).toEqual({
      openid: 'o-1',
      sessionKey: 'o0q0otL8aEzpcZL/FT9WsQ==',
      unionId: 'u-1',
    });
    expect(calls[0]?.query).toEqual({
      appid: 'wx01',
      secret: 's3cret',
      js_code: 'c+/ 1',
      grant_type: 'authorization_code',
    });
  });

  it('is tried once more with the same code when WeChat is busy, and no further', async () => {
    const busy = { errcode: -1, errmsg: 'system error' };
    const once = await at([busy, { openid: 'o-1', session_key: 'k' }]);
    expect(await once.client.code2Session('c')).toEqual({ openid: 'o-1', sessionKey: 'k' });
    const always = await at([busy]);
    expect(await failureOf(always.client.code2Session('c'))).toMatchObject({
      providerClass: 'TRANSIENT',
      loginAgain: false,
    });
    expect(always.calls).toHaveLength(2);
  });

  it.each([
    [{ errcode: 40029, errmsg: 'invalid code, rid: 65f1c2aa-1b2c3d4e-5f607182' }, 'BAD_REQUEST', true],
    [{ errcode: 40163, errmsg: 'code been used' }, 'BAD_REQUEST', true],
    [{ errcode: 40226, errmsg: 'code blocked' }, 'RECIPIENT_REFUSED', false],
    [{ errcode: 45011, errmsg: 'slower' }, 'THROTTLED', false],
    [{ errcode: 40125, errmsg: 'invalid appsecret' }, 'CONFIG', false],
    [{ status: 502 }, 'TRANSIENT', false],
    ['cut', 'UNKNOWN_OUTCOME', true],
    ['<html>portal</html>', 'UNKNOWN_OUTCOME', true],
    ['[]', 'UNKNOWN_OUTCOME', true],
    [{ openid: 7 }, 'UNKNOWN_OUTCOME', true],
  ])('%j is %s, log in again: %s', async (answer, providerClass, loginAgain) => {
    const { client, calls } = await at([answer]);
    const failure = await failureOf(client.code2Session('code-1'));
    expect(failure).toMatchObject({ providerClass, loginAgain });
    expect(calls).toHaveLength(1);
    expect(JSON.stringify([failure.message, failure])).not.toMatch(/s3cret|code-1/);
  });

  it('keeps the rid for support', async () => {
    const { client } = await at([{ errcode: 40029, errmsg: 'invalid code, rid: 65f1c2aa-1b2c3d4e-5f607182' }]);
    expect((await failureOf(client.code2Session('c'))).rid).toBe('65f1c2aa-1b2c3d4e-5f607182');
  });
});

describe('the access token', () => {
  const check = (client: WechatClient) => client.checkSession({ openid: 'o-1', sessionKey: 'k' });

  it('is fetched once however many ask, and again when less than five minutes are left', async () => {
    const { client, callsTo, passMs } = await wechatWith(() => undefined);
    await Promise.all(Array.from({ length: 20 }, () => check(client)));
    expect(callsTo('/cgi-bin/stable_token').map(({ body }) => body)).toEqual([
      { grant_type: 'client_credential', appid: 'wx01', secret: 's3cret' },
    ]);
    passMs(6_890_000);
    await check(client);
    expect(callsTo('/cgi-bin/stable_token')).toHaveLength(1);
    passMs(20_000);
    await check(client);
    expect(callsTo('/cgi-bin/stable_token')).toHaveLength(2);
    expect(callsTo('/wxa/checksession').at(-1)?.query['access_token']).toBe('token-2');
  });

  it('with little left is not asked for over and over, and serves while a new one cannot be had', async () => {
    let down = false;
    const { client, callsTo, passMs } = await wechatWith(
      ({ path }) => (down && path === '/cgi-bin/stable_token' ? { status: 500 } : undefined),
      200,
    );
    for (let i = 0; i < 5; i += 1) await check(client);
    expect(callsTo('/cgi-bin/stable_token')).toHaveLength(1);
    down = true;
    passMs(20_000);
    expect(await check(client)).toBe(true);
    passMs(200_000);
    expect((await failureOf(check(client))).providerClass).toBe('TRANSIENT');
  });

  it('found stale is dropped and the call repeated once', async () => {
    const { client, callsTo } = await wechatWith(({ query }) =>
      query['access_token'] === 'token-1' ? staleToken : undefined,
    );
    expect(await check(client)).toBe(true);
    expect(callsTo('/wxa/checksession').map(({ query }) => query['access_token'])).toEqual(['token-1', 'token-2']);
  });

  it('that stays stale is forced once, and not again within 30 s', async () => {
    let issued = 'same';
    let valid = 'none';
    let count = 0;
    const platform: Platform = ({ path, body, query }) => {
      if (path !== '/cgi-bin/stable_token') return query['access_token'] === valid ? undefined : staleToken;
      if (body['force_refresh'] === true) issued = valid = `forced-${(count += 1)}`;
      return { access_token: issued, expires_in: 7_200 };
    };
    const { client, callsTo, passMs } = await wechatWith(platform);
    const forces = () => callsTo('/cgi-bin/stable_token').filter(({ body }) => body['force_refresh'] === true).length;
    await Promise.all(Array.from({ length: 10 }, () => check(client)));
    expect(forces()).toBe(1);
    valid = 'none';
    passMs(10_000);
    expect((await failureOf(check(client))).providerClass).toBe('AUTH_REFRESH');
    expect(forces()).toBe(1);
    passMs(30_000);
    expect(await check(client)).toBe(true);
    expect(forces()).toBe(2);
  });

  it('is forced at most 20 times a day', async () => {
    const platform: Platform = ({ path }) =>
      path === '/cgi-bin/stable_token' ? { access_token: 'same', expires_in: 7_200 } : staleToken;
    const { client, callsTo, passMs } = await wechatWith(platform);
    for (let i = 0; i < 40; i += 1) {
      await failureOf(check(client));
      passMs(31_000);
    }
    expect(callsTo('/cgi-bin/stable_token').filter(({ body }) => body['force_refresh'] === true)).toHaveLength(20);
  });

  it.each([40001, 40125, 40164, 89503])('refused with %i is a matter of configuration', async (errcode) => {
    const { client, calls } = await wechatWith(() => ({ errcode, errmsg: 'no' }));
    expect((await failureOf(check(client))).providerClass).toBe('CONFIG');
    expect(calls).toHaveLength(1);
  });
});

describe('checking a session', () => {
  it('signs nothing with the key as it stands, and knows a dead key', async () => {
    const { client, callsTo } = await wechatWith(({ path, query }) =>
      path === '/wxa/checksession' && query['openid'] === 'o-dead'
        ? { errcode: 87009, errmsg: 'invalid signature' }
        : undefined,
    );
    expect(await client.checkSession({ openid: 'o-1', sessionKey: 'o0q0otL8aEzpcZL/FT9WsQ==' })).toBe(true);
    expect(callsTo('/wxa/checksession')[0]?.query).toEqual({
      access_token: 'token-1',
      openid: 'o-1',
      signature: '46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128',
      sig_method: 'hmac_sha256',
    });
    expect(await client.checkSession({ openid: 'o-dead', sessionKey: 'k' })).toBe(false);
  });
});

describe('judging a text', () => {
  const verdict = (suggest: string, label = 100) => ({
    ...ok,
    result: { suggest, label },
    detail: [],
    trace_id: `t-${suggest}`,
  });
  const judging = (answer: Platform) =>
    wechatWith((call) => (call.path === '/wxa/msg_sec_check' ? answer(call) : undefined));

  it('sends version 2 with the text unescaped, and returns label and trace id', async () => {
    const { client, callsTo } = await judging(() => verdict('pass'));
    expect(await client.msgSecCheck({ text: '备份完成', openid: 'o-1' })).toEqual({
      is: 'pass',
      label: 100,
      traceId: 't-pass',
    });
    const [call] = callsTo('/wxa/msg_sec_check');
    expect(call?.body).toEqual({ content: '备份完成', version: 2, scene: 2, openid: 'o-1' });
    expect(call?.raw).toContain('备份完成');
  });

  it('takes the worst verdict of the pieces of a long text', async () => {
    const worst = async (marks: string) => {
      const { client, callsTo } = await judging(({ body }) => {
        const text = String(body['content']);
        return verdict(text.includes('坏') ? 'risky' : text.includes('疑') ? 'review' : 'pass');
      });
      const text = [...marks].map((mark) => mark + '字'.repeat(2_299)).join('');
      return {
        is: (await client.msgSecCheck({ text, openid: 'o-1' })).is,
        calls: callsTo('/wxa/msg_sec_check').length,
      };
    };
    expect(await worst('好好好')).toEqual({ is: 'pass', calls: 3 });
    expect(await worst('好疑好')).toEqual({ is: 'review', calls: 3 });
    expect(await worst('疑好坏')).toEqual({ is: 'risky', calls: 2 });
  });

  it('cannot be dodged by splitting a word where the text is cut', async () => {
    const { client } = await judging(({ body }) =>
      verdict(String(body['content']).includes('违禁词语') ? 'risky' : 'pass'),
    );
    const text = `${'字'.repeat(2_498)}违禁词语${'字'.repeat(100)}`;
    expect((await client.msgSecCheck({ text, openid: 'o-1' })).is).toBe('risky');
  });

  it('asks once more when WeChat is busy', async () => {
    let calls = 0;
    const { client } = await judging(() => ((calls += 1) === 1 ? { errcode: -1, errmsg: 'busy' } : verdict('pass')));
    expect((await client.msgSecCheck({ text: 'x', openid: 'o-1' })).is).toBe('pass');
  });

  it.each([
    [{ errcode: 61010, errmsg: 'code is expired' }, 'not-active'],
    [{ errcode: 40003, errmsg: 'invalid openid' }, 'openid'],
    [{ errcode: 43104, errmsg: 'appid not match' }, 'openid'],
    [{ errcode: 44991, errmsg: 'minute' }, 'quota'],
    [{ errcode: 45009, errmsg: 'day' }, 'quota'],
    [{ errcode: -1, errmsg: 'busy' }, 'busy'],
    [{ errcode: 40129, errmsg: 'invalid scene' }, 'config'],
    [{ errcode: 41001, errmsg: 'missing' }, 'config'],
    [{ errcode: 43002, errmsg: 'post' }, 'config'],
    [{ errcode: 44002, errmsg: 'empty' }, 'config'],
    [{ errcode: 47001, errmsg: 'format' }, 'config'],
    [{ errcode: 48001, errmsg: 'unauthorized' }, 'config'],
    [{ errcode: 48006, errmsg: 'clear_quota' }, 'config'],
    [{ status: 500 }, 'network'],
    ['cut', 'timeout'],
    ['<html>', 'malformed'],
    [{ errcode: 0 }, 'malformed'],
    [{ errcode: 0, result: { suggest: 'PASS', label: 100 } }, 'malformed'],
    [staleToken, 'token'],
  ])('%j is no verdict: %s', async (answer, why) => {
    const { client } = await judging(() => answer);
    expect(await client.msgSecCheck({ text: 'x', openid: 'o-1' })).toEqual({ is: 'unavailable', why });
  });

  it('has no verdict when a piece has none, and none on a text without end', async () => {
    const { client } = await judging(({ body }) =>
      String(body['content']).includes('疑') ? verdict('pass') : { errcode: 44991 },
    );
    expect(await client.msgSecCheck({ text: `疑${'字'.repeat(3_000)}`, openid: 'o-1' })).toEqual({
      is: 'unavailable',
      why: 'quota',
    });
    expect(await client.msgSecCheck({ text: '字'.repeat(50_000), openid: 'o-1' })).toEqual({
      is: 'unavailable',
      why: 'too-long',
    });
  });

  it('reads the old signal of a risky text', async () => {
    const { client } = await judging(() => ({ errcode: 87014, errmsg: 'risky content' }));
    expect(await client.msgSecCheck({ text: 'x', openid: 'o-1' })).toMatchObject({ is: 'risky' });
  });
});

describe('a subscribe message', () => {
  const message = {
    openid: 'o-1',
    templateId: 'T1',
    data: { thing1: '备份\n完成', phrase2: '成功' },
    page: 'pages/msg/detail?id=1',
  };

  it('is sent with fitted values, and its id survives above 2^53', async () => {
    const { client, callsTo } = await wechatWith(({ path }) =>
      path === '/cgi-bin/message/subscribe/send'
        ? '{"errcode":0,"errmsg":"ok","msgid":2097683633284153344}'
        : undefined,
    );
    expect(await client.sendSubscribe(message)).toEqual({ msgId: '2097683633284153344' });
    expect(callsTo('/cgi-bin/message/subscribe/send')[0]?.body).toEqual({
      touser: 'o-1',
      template_id: 'T1',
      page: 'pages/msg/detail?id=1',
      miniprogram_state: 'formal',
      lang: 'zh_CN',
      data: { thing1: { value: '备份 完成' }, phrase2: { value: '成功' } },
    });
  });

  it('goes to one person one at a time', async () => {
    let open = 0;
    let openMax = 0;
    const { client } = await wechatWith(({ path }) => {
      if (path !== '/cgi-bin/message/subscribe/send') return undefined;
      openMax = Math.max(openMax, (open += 1));
      return new Promise((resolve) => setImmediate(() => ((open -= 1), resolve(ok))));
    });
    await Promise.all(Array.from({ length: 6 }, () => client.sendSubscribe(message)));
    expect(openMax).toBe(1);
  });

  it.each([
    [{ errcode: 43101, errmsg: 'user refuse to accept the msg' }, 'RECIPIENT_REFUSED', undefined],
    [{ errcode: 43107, errmsg: 'banned' }, 'CONFIG', undefined],
    [{ errcode: 43108, errmsg: 'concurrent' }, 'THROTTLED', 1_000],
    [{ errcode: 47003, errmsg: 'argument invalid! data.thing1.value invalid' }, 'BAD_REQUEST', undefined],
    [{ errcode: 45009, errmsg: 'quota' }, 'QUOTA_DAY', undefined],
    [{ errcode: 45011, errmsg: 'slower' }, 'THROTTLED', 60_000],
    [{ errcode: 40003, errmsg: 'openid' }, 'RECIPIENT_GONE', undefined],
    [{ errcode: 99999, errmsg: '?' }, 'BAD_REQUEST', undefined],
    ['cut', 'UNKNOWN_OUTCOME', undefined],
  ])('%j is %s', async (answer, providerClass, retryAfterMs) => {
    const { client } = await wechatWith(({ path }) =>
      path === '/cgi-bin/message/subscribe/send' ? answer : undefined,
    );
    expect(await failureOf(client.sendSubscribe(message))).toMatchObject({ providerClass, retryAfterMs });
  });

  it('with a keyword nobody knows is not sent', async () => {
    const { client, callsTo } = await wechatWith(() => undefined);
    expect((await failureOf(client.sendSubscribe({ ...message, data: { wat1: 'x' } }))).providerClass).toBe(
      'BAD_REQUEST',
    );
    expect(callsTo('/cgi-bin/message/subscribe/send')).toEqual([]);
  });
});

it('nothing is sent when the API is not at a configured origin', async () => {
  const outbound = new Outbound();
  const client = new WechatClient({
    outbound,
    baseUrl: 'https://api.weixin.qq.com',
    appId: 'wx01',
    appSecret: 's3cret',
  });
  expect(await failureOf(client.code2Session('c'))).toMatchObject({ providerClass: 'CONFIG', detail: 'refused' });
});
