import { createHmac } from 'node:crypto';
import { type Got, sandboxFixture } from '../sandbox.fixture';
import { officialTestTexts } from './content-check';

const sandbox = sandboxFixture({ subscribeSendMs: 30 });
const appId = 'wx74db71d8a9e3b699';
const secret = 'sandbox-secret';
const openid = 'oHark0Example0000000000000001';
const template = 'TEMPLATE_ID_EXAMPLE';
const minute = 60_000;

const mint = async (fields: object = {}) =>
  (await sandbox.post('/control/wechat/codes', { openid, ...fields })).body.code;
const exchange = (code: string, changed: Record<string, string> = {}) => {
  const query = { appid: appId, secret, js_code: code, grant_type: 'authorization_code', ...changed };
  return sandbox.get(`/wechat/sns/jscode2session?${new URLSearchParams(query)}`);
};
const visit = async (who = openid) => exchange(await mint({ openid: who }));
const token = async (fields: object = {}) =>
  (
    await sandbox.post('/wechat/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: appId,
      secret,
      ...fields,
    })
  ).body;
const advance = (advanceMs: number) => sandbox.post('/control/clock', { advanceMs });
const signed = async (path: string, body: unknown) => {
  const { access_token } = await token();
  return sandbox.post(`/wechat${path}?access_token=${access_token}`, body);
};
const check = (fields: object = {}) =>
  signed('/wxa/msg_sec_check', { version: 2, scene: 2, openid, content: '工单', ...fields });
const send = (data: unknown, fields: object = {}) =>
  signed('/cgi-bin/message/subscribe/send', {
    touser: openid,
    template_id: template,
    data,
    ...fields,
  });
const grant = (count: number) => sandbox.post('/control/wechat/subscriptions', { openid, templateId: template, count });

function refused(got: Got, errcode: number) {
  expect(got.body.errcode).toBe(errcode);
  expect(got.body.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  expect(got.status).toBe(200);
  expect(got.type).toBe('text/plain');
}

describe('jscode2session', () => {
  it('gives openid, unionid and a new 16-byte session key for a fresh code', async () => {
    const got = await exchange(await mint({ unionid: 'ouHark' }));
    expect(got.body).toEqual({ openid, unionid: 'ouHark', session_key: expect.any(String) });
    expect(Buffer.from(got.body.session_key, 'base64')).toHaveLength(16);
    expect(got.type).toBe('text/plain');
    expect((await visit()).body.session_key).not.toBe(got.body.session_key);
  });

  it('uses the session key the code was minted with', async () => {
    const sessionKey = 'o0q0otL8aEzpcZL/FT9WsQ==';
    expect((await exchange(await mint({ sessionKey }))).body.session_key).toBe(sessionKey);
  });

  it('takes a code once', async () => {
    const code = await mint();
    await exchange(code);
    refused(await exchange(code), 40163);
  });

  it('gives another mini program codes and people of its own', async () => {
    const other = { appid: 'wx5a1d80a2c1e4f607', secret: 'third-party-secret' };
    const [code, own] = [await mint({ openid: 't-1', appId: other.appid }), await mint()];
    refused(await exchange(code), 40029);
    refused(await exchange(own, other), 40029);
    expect((await exchange(code, other)).body.openid).toBe('t-1');
    refused(await send({ thing1: { value: 'x' } }, { touser: 't-1' }), 40003);
  });

  it('lets a code die after five minutes', async () => {
    const [code, stillGood] = [await mint(), await mint()];
    await advance(4.9 * minute);
    expect((await exchange(stillGood)).body.openid).toBe(openid);
    await advance(0.2 * minute);
    refused(await exchange(code), 40029);
  });

  it.each([
    ['an unknown code', { js_code: 'nope' }, 40029],
    ['a foreign appid', { appid: 'wxother' }, 40013],
    ['a wrong secret', { secret: 'no' }, 40125],
    ['no appid', { appid: '' }, 41002],
    ['no secret', { secret: '' }, 41004],
    ['no code', { js_code: '' }, 41008],
    ['a wrong grant_type', { grant_type: 'client_credential' }, 40002],
  ])('refuses %s and leaves the code good', async (_, changed, errcode) => {
    const code = await mint();
    refused(await exchange(code, changed), errcode);
    expect((await exchange(code)).body.openid).toBe(openid);
  });
});

describe('stable_token', () => {
  it('returns one token with its remaining time until five minutes before its end, then a second beside it', async () => {
    const first = await token();
    expect(first.expires_in).toBeGreaterThan(7190);
    await advance(60 * minute);
    const again = await token();
    expect(again.access_token).toBe(first.access_token);
    expect(again.expires_in).toBeLessThanOrEqual(3600);
    await advance(56 * minute);
    const second = await token();
    expect(second.access_token).not.toBe(first.access_token);
    await visit();
    const content = { version: 2, scene: 2, openid, content: 'x' };
    for (const { access_token } of [first, second]) {
      const got = await sandbox.post(`/wechat/wxa/msg_sec_check?access_token=${access_token}`, content);
      expect(got.body.errcode).toBe(0);
    }
    await advance(5 * minute);
    refused(await sandbox.post(`/wechat/wxa/msg_sec_check?access_token=${first.access_token}`, content), 42001);
  });

  it('in force mode kills the old token, but not twice within 30 s, and not over 20 times a day', async () => {
    const first = await token();
    const forced = await token({ force_refresh: true });
    expect(forced.access_token).not.toBe(first.access_token);
    refused(await sandbox.post(`/wechat/wxa/msg_sec_check?access_token=${first.access_token}`, {}), 40001);
    expect((await token({ force_refresh: true })).access_token).toBe(forced.access_token);
    const day = 24 * 60 * minute;
    const untilMidnightInShanghai = day - ((Date.now() + 8 * 60 * minute) % day);
    await advance(untilMidnightInShanghai + minute);
    for (let time = 0; time < 20; time++) {
      expect((await token({ force_refresh: true })).errcode).toBeUndefined();
      await advance(31_000);
    }
    expect((await token({ force_refresh: true })).errcode).toBe(45009);
    await advance(day);
    expect((await token({ force_refresh: true })).errcode).toBeUndefined();
  });

  it.each([
    ['a foreign appid', { appid: 'wxother' }, 40013],
    ['a wrong secret', { secret: 'no' }, 40125],
    ['a wrong grant_type', { grant_type: 'x' }, 40002],
    ['a force_refresh that is no boolean', { force_refresh: 'true' }, 47001],
  ])('refuses %s', async (_, changed, errcode) => {
    expect((await token(changed)).errcode).toBe(errcode);
  });

  it.each([
    ['GET', undefined, 43002],
    ['POST', '', 44002],
    ['POST', '{nope', 47001],
    ['POST', '[]', 47001],
  ])('refuses %s %j', async (method, body, errcode) => {
    refused(await sandbox.call('/wechat/cgi-bin/stable_token', { method, ...(body && { body }) }), errcode);
  });

  it.each([
    ['missing', '', 41001],
    ['invented', '?access_token=abc', 40014],
  ])('is required: %s', async (_, query, errcode) => {
    refused(await sandbox.post(`/wechat/wxa/msg_sec_check${query}`, {}), errcode);
  });
});

describe('msg_sec_check', () => {
  it('passes an ordinary text of somebody who is there', async () => {
    await visit();
    const { body } = await check();
    expect(body).toMatchObject({ errcode: 0, errmsg: 'ok', result: { suggest: 'pass', label: 100 } });
    expect(body.detail).toEqual([{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 }]);
    expect(body.trace_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });

  it.each(officialTestTexts)('flags the official test text %s, in version 1 by an errcode', async (content) => {
    await visit();
    expect((await check({ content: `前${content}后` })).body).toMatchObject({
      errcode: 0,
      result: { suggest: 'risky', label: 20006 },
    });
    refused(await signed('/wxa/msg_sec_check', { content }), 87014);
    expect((await signed('/wxa/msg_sec_check', { content: '好' })).body).toEqual({ errcode: 0, errmsg: 'ok' });
  });

  it('follows configured verdicts, the worst one first, also in the title', async () => {
    await visit();
    await sandbox.post('/control/wechat/verdicts', { contains: '加微信', suggest: 'review', label: 10001 });
    await sandbox.post('/control/wechat/verdicts', { contains: '中奖', suggest: 'risky', label: 20008 });
    expect((await check({ content: '请加微信' })).body.result).toEqual({ suggest: 'review', label: 10001 });
    const { body } = await check({ content: '请加微信', title: '您中奖了' });
    expect(body.result).toEqual({ suggest: 'risky', label: 20008 });
    expect(body.detail.map((entry) => entry.keyword)).toEqual([undefined, '中奖', '加微信']);
  });

  it('needs a visit within two hours', async () => {
    refused(await check(), 40003);
    await visit();
    await advance(119 * minute);
    expect((await check()).body.errcode).toBe(0);
    await advance(2 * minute);
    refused(await check(), 61010);
    await visit();
    expect((await check()).body.errcode).toBe(0);
  });

  it.each([
    ['2500 characters, astral ones counted once', { content: '😀'.repeat(2500) }, 0],
    ['2501 characters', { content: '字'.repeat(2501) }, 47001],
    ['an unknown scene', { scene: 5 }, 40129],
    ['version 3', { version: 3 }, 47001],
    ['no content', { content: '' }, 47001],
    ['a content that is no text', { content: 7 }, 47001],
    ['an openid that is no text', { openid: 7 }, 40003],
  ])('answers %s', async (_, changed, errcode) => {
    await visit();
    expect((await check(changed)).body.errcode).toBe(errcode);
  });
});

describe('subscribe/send', () => {
  const data = { thing1: { value: '备份完成' } };

  it('spends one accepted subscription for each message', async () => {
    await visit();
    refused(await send(data), 43101);
    await grant(1);
    expect((await grant(1)).body.count).toBe(2);
    expect((await send(data, { page: 'pages/msg/detail?id=1', lang: 'zh_CN' })).body.errcode).toBe(0);
    expect((await send(data)).body.errcode).toBe(0);
    refused(await send(data), 43101);
    const sent = await sandbox.items(`/control/wechat/subscribe-messages?openid=${openid}`);
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({ openid, templateId: template, data: { thing1: '备份完成' }, lang: 'zh_CN' });
  });

  it('writes a msgid beyond 2^53 as a bare number', async () => {
    await visit();
    await grant(1);
    const { text } = await send(data);
    const digits = /"msgid":(\d+)}$/.exec(text)?.[1];
    expect(BigInt(digits!)).toBeGreaterThan(2n ** 53n);
    const [message] = await sandbox.items('/control/wechat/subscribe-messages');
    expect(message?.msgId).toBe(digits);
  });

  it('refuses a second send to one openid while the first is under way', async () => {
    await visit();
    await grant(2);
    const codes = (await Promise.all([send(data), send(data)])).map((got) => got.body.errcode).sort();
    expect(codes).toEqual([0, 43108]);
    expect((await send(data)).body.errcode).toBe(0);
  });

  it.each([
    ['an unknown openid', data, { touser: 'oOther' }, 40003],
    ['an empty template id', data, { template_id: '' }, 40037],
    ['data as a JSON text', JSON.stringify(data), {}, 47001],
    ['no keyword', {}, {}, 47003],
    ['a page that is no text', data, { page: 1 }, 47001],
  ])('refuses %s without spending quota', async (_, values, fields, errcode) => {
    await visit();
    await grant(1);
    refused(await send(values, fields), errcode);
    expect((await send(data)).body.errcode).toBe(0);
  });

  it('names the keyword it does not take', async () => {
    await visit();
    await grant(1);
    const wrong = await send({ ...data, thing2: { value: '字'.repeat(21) } });
    refused(wrong, 47003);
    expect(wrong.body.errmsg).toContain('argument invalid! data.thing2.value invalid');
    expect((await send({ thing1: { value: '' } })).body.errmsg).toContain('data.thing1.value is empty');
  });
});

describe('checksession', () => {
  const sign = (key: string) => createHmac('sha256', key).update('').digest('hex');
  const ask = async (call: string, signature: string, method = 'hmac_sha256') => {
    const { access_token } = await token();
    const query = new URLSearchParams({ access_token, openid, signature, sig_method: method });
    return sandbox.get(`/wechat/wxa/${call}?${query}`);
  };

  it('knows the key of the latest login only, until it is reset', async () => {
    const [old, key] = [(await visit()).body.session_key, (await visit()).body.session_key];
    expect((await ask('checksession', sign(key))).body).toEqual({ errcode: 0, errmsg: 'ok' });
    refused(await ask('checksession', sign(old)), 87009);
    refused(await ask('checksession', sign(key), 'md5'), 87008);
    const renewed = (await ask('resetusersessionkey', sign(key))).body.session_key;
    refused(await ask('checksession', sign(key)), 87009);
    expect((await ask('checksession', sign(renewed))).body.errcode).toBe(0);
  });
});

it('answers an unknown call and a wrong method as the platform does, with HTTP 200', async () => {
  refused(await sandbox.get('/wechat/cgi-bin/nothing'), 40066);
  refused(await sandbox.post('/wechat/sns/jscode2session', {}), 43001);
});

describe('faults', () => {
  const fault = (fields: object) => sandbox.post('/control/faults', { provider: 'wechat', ...fields });

  it('gives errcode -1, an HTML error, the two frequency limits, and strikes as often as asked', async () => {
    await fault({ mode: 'error', times: 1 });
    refused(await exchange('x'), -1);
    refused(await exchange('x'), 40029);
    await fault({ mode: 'error', errcode: 40226, message: 'code blocked', times: 1 });
    refused(await exchange('x'), 40226);
    await fault({ mode: 'error', status: 502, times: 1 });
    expect(await exchange('x')).toMatchObject({ status: 502, type: 'text/html' });
    await fault({ mode: 'rate-limit', times: 2 });
    refused(await exchange('x'), 45011);
    refused(await sandbox.post('/wechat/wxa/msg_sec_check', {}), 44991);
  });

  it('can strike one call only, and lose the answer after the effect', async () => {
    await visit();
    await grant(1);
    await fault({ mode: 'reset', match: '/subscribe/send', accepted: true, times: 1 });
    await expect(send({ thing1: { value: 'x' } })).rejects.toThrow('fetch failed');
    expect(await sandbox.items(`/control/wechat/subscribe-messages?openid=${openid}`)).toHaveLength(1);
    refused(await send({ thing1: { value: 'x' } }), 43101);
  });
});
