import { request as rawRequest } from 'node:http';
import { intakeSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { appSecret, bearer, bindingKey, GatewayHarness, json, someId } from '../gateway.fixture';

let hub: GatewayHarness;
beforeAll(async () => {
  hub = await GatewayHarness.start();
});
afterAll(() => hub.close());
beforeEach(() => hub.reset());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const call = async (path: string, init: RequestInit = {}) => {
  const response = await hub.fetch(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const post = (path: string, body: string | FormData, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body, headers });
/** What was asked of intake; nothing else may have been. */
const pushed = () => {
  expect(hub.asked.map(({ subject }) => subject)).toEqual([intakeSubjects.push]);
  const { credential, ...push } = hub.asked[0]!.data;
  expect(credential).toBe(bindingKey);
  return push;
};
const inForm = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};

describe('a sender of Bark', () => {
  it.each<[string, string, RequestInit, object]>([
    ['a text in the address', `/${bindingKey}/hello%20there%2F1`, {}, { body: 'hello there/1' }],
    ['a title and a text', `/${bindingKey}/工单/已出发`, {}, { title: '工单', body: '已出发' }],
    ['title, subtitle and text', `/${bindingKey}/T/S/B`, {}, { title: 'T', body: 'S\nB' }],
    [
      'parameters beside them',
      `/${bindingKey}/B?title=T&group=g&level=timeSensitive&url=https://a.example/1&sound=bell&badge=1&isArchive=1`,
      {},
      { title: 'T', body: 'B', thread: 'g', priority: 'high', url: 'https://a.example/1' },
    ],
    ['a title alone', `/${bindingKey}?title=T`, {}, { body: 'T' }],
    [
      'a form',
      `/${bindingKey}`,
      { method: 'POST', headers: form, body: 'title=T&body=a+b' },
      { title: 'T', body: 'a b' },
    ],
    [
      'JSON for a device',
      '/push',
      {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ device_key: bindingKey, body: 'B', markdown: '**B**', id: 'eta', level: 'passive' }),
      },
      { body: 'B', markdown: '**B**', collapseId: 'eta', priority: 'low' },
    ],
    [
      'JSON for a list of one',
      '/push',
      { method: 'POST', headers: json, body: JSON.stringify({ device_keys: [bindingKey], body: 'B', level: 'loud' }) },
      { body: 'B' },
    ],
  ])('pushes %s', async (_, path, init, push) => {
    const { status, body } = await call(`/bark${path}`, init);
    expect([status, body]).toEqual([200, { code: 200, message: 'success', timestamp: expect.any(Number) as number }]);
    expect(pushed()).toEqual(push);
  });

  it('pings without a key', async () => {
    expect((await call('/bark/ping')).body).toMatchObject({ code: 200, message: 'pong' });
    expect(hub.asked).toEqual([]);
  });

  it.each<[string, string, RequestInit, number, string]>([
    ['no key', '/push', { method: 'POST', headers: json, body: '{"body":"B"}' }, 401, 'credential.required'],
    ['an app’s secret', `/${appSecret}/B`, {}, 401, 'key.invalid'],
    ['no text', `/${bindingKey}`, {}, 400, 'body is needed'],
    ['another hub’s field, under its name', `/${bindingKey}/B?group=${'x'.repeat(101)}`, {}, 400, 'group at most 100'],
    ['a cipher', `/${bindingKey}?ciphertext=x`, {}, 400, 'ciphertext cannot be moderated'],
    ['several devices', '/push?device_keys=a,b', {}, 400, 'device_keys must be one key'],
    ['a deletion', `/${bindingKey}?id=a&delete=1`, {}, 400, 'delete has no effect here'],
    ['too many parts', `/${bindingKey}/a/b/c/d`, {}, 404, 'route.unknown'],
    ['broken JSON', '/push', { method: 'POST', headers: json, body: '{"body":"B",}' }, 400, 'a comma before }'],
  ])('is told in Bark’s form of %s', async (_, path, init, status, message) => {
    const told = await call(`/bark${path}`, init);
    expect(told).toEqual({
      status,
      body: {
        code: status,
        message: expect.stringContaining(message) as string,
        timestamp: expect.any(Number) as number,
      },
    });
    expect(hub.asked).toEqual([]);
  });

  it('is told what becomes of the consent, in the language that is wanted', async () => {
    hub.answering(() => {
      throw new HarkError('refused', 'binding.ended', 'the binding has ended');
    });
    const told = await call(`/bark/${bindingKey}/B`, { headers: { 'accept-language': 'zh-CN' } });
    expect(told).toMatchObject({
      status: 410,
      body: { code: 410, message: '授权已结束: 用户已解除授权，请重新申请授权。 (binding.ended)' },
    });
  });
});

describe('an address with a key in it', () => {
  it.each<[string, Record<string, string>]>([
    ['a browser that loads ahead', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older browser', { purpose: 'prefetch' }],
    ['Slack', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
    ['WhatsApp', { 'user-agent': 'WhatsApp/2.23.20.0' }],
    ['Telegram', { 'user-agent': 'TelegramBot (like TwitterBot)' }],
  ])('does not push for %s', async (_, headers) => {
    const told = await call(`/bark/${bindingKey}/B`, { headers });
    expect(told).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('push.looked-ahead') as string },
    });
    expect(hub.asked).toEqual([]);
  });

  it.each(['curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0', 'UptimeRobot/2.0'])(
    'pushes for %s',
    async (agent) => {
      expect((await call(`/bark/${bindingKey}/B`, { headers: { 'user-agent': agent } })).status).toBe(200);
      expect(pushed()).toEqual({ body: 'B' });
    },
  );

  it('does not push for HEAD', async () => {
    expect((await hub.fetch(`/bark/${bindingKey}/B`, { method: 'HEAD' })).status).toBe(404);
    expect(hub.asked).toEqual([]);
  });
});

describe('a sender of ntfy', () => {
  it.each<[string, string, RequestInit, object]>([
    ['a text', `/${bindingKey}`, { method: 'POST', body: 'a=b & c\n', headers: form }, { body: 'a=b & c' }],
    ['nothing, which ntfy says in a word', `/${bindingKey}`, { method: 'PUT' }, { body: 'triggered' }],
    [
      'with headers',
      `/${bindingKey}`,
      {
        method: 'POST',
        body: '已出发',
        headers: {
          Title: '=?UTF-8?B?5bel5Y2V?= =?utf-8?Q?_=31024?=',
          Priority: 'urgent',
          'X-Tags': 'truck, eta',
          Click: 'https://a.example/1',
          Markdown: 'yes',
          Attach: 'https://a.example/map.png',
          Actions: 'view, Open, https://a.example/2',
        },
      },
      {
        title: '工单 1024',
        body: '已出发',
        markdown: '已出发',
        priority: 'critical',
        tags: ['truck', 'eta'],
        url: 'https://a.example/1',
        image: 'https://a.example/map.png',
        actions: [{ id: 'link-1', label: 'Open', url: 'https://a.example/2' }],
      },
    ],
    ['by GET', `/${bindingKey}/publish?message=hi&title=T&p=2`, {}, { title: 'T', body: 'hi', priority: 'low' }],
    [
      'in JSON',
      '',
      {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ topic: bindingKey, message: 'hi', priority: 4, tags: ['a'], sequence_id: 's' }),
      },
      { body: 'hi', priority: 'high', tags: ['a'], collapseId: 's' },
    ],
    [
      'whose priority is HTTP’s own',
      `/${bindingKey}`,
      { method: 'POST', body: 'hi', headers: { Priority: 'u=1, i' } },
      { body: 'hi' },
    ],
  ])('pushes %s', async (_, path, init, push) => {
    const { status, body } = await call(`/ntfy${path}`, init);
    expect([status, body]).toMatchObject([
      200,
      { id: someId, event: 'message', topic: bindingKey.split('_', 2).join('_') },
    ]);
    expect(JSON.stringify(body)).not.toContain(bindingKey);
    expect(pushed()).toEqual(push);
  });

  it('pushes with raw UTF-8 in a header, as scripts send it', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { Title: Buffer.from('工单').toString('latin1') };
      rawRequest(`${hub.url}/ntfy/${bindingKey}`, { method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        // Bytes: Node would send the header in UTF-8 together with a text, and so encode it twice.
        .end(Buffer.from('hi'));
    });
    expect(status).toBe(200);
    expect(pushed()).toEqual({ title: '工单', body: 'hi' });
  });

  it('pushes later', async () => {
    const before = Date.now();
    await post(`/ntfy/${bindingKey}`, 'hi', { Delay: '30 min' });
    const { sendAt } = pushed();
    const aheadMs = Date.parse(String(sendAt)) - 30 * 60_000;
    expect(aheadMs).toBeGreaterThanOrEqual(before);
    expect(aheadMs).toBeLessThanOrEqual(Date.now());
    hub.reset();
    await post(`/ntfy/${bindingKey}`, 'hi', { At: '1800000000' });
    expect(pushed()).toEqual({ body: 'hi', sendAt: '2027-01-15T08:00:00.000Z' });
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['a delay in words', bindingKey, { Delay: 'tomorrow, 10am' }, 400, 'delay must be seconds since 1970'],
    ['a delay beyond all time', bindingKey, { Delay: '9999999 days' }, 400, 'delay must be seconds since 1970'],
    ['a priority it does not know', bindingKey, { Priority: 'loud' }, 400, 'priority must be one of'],
    [
      'a button that calls a server',
      bindingKey,
      { Actions: 'http, Do, https://a.example' },
      400,
      'actions must be links',
    ],
    ['a link that is none', bindingKey, { Click: 'mailto:a@a.example' }, 400, 'click must be an http or https address'],
    ['a topic that is no key', 'mytopic', {}, 401, 'key.invalid'],
  ])('is told in ntfy’s form of %s', async (_, topic, headers, status, error) => {
    const told = await post(`/ntfy/${topic}`, 'hi', headers);
    expect(told).toEqual({
      status,
      body: { code: status * 100 + 1, http: status, error: expect.stringContaining(error) as string },
    });
    expect(hub.asked).toEqual([]);
  });
});

describe('a sender of Gotify', () => {
  const fields = { title: 'T', message: 'hi', priority: '5' };
  it.each<[string, string, RequestInit]>([
    ['a form with files, as its documentation has it', `?token=${bindingKey}`, { body: inForm(fields) }],
    ['a form', `?token=${bindingKey}`, { headers: form, body: new URLSearchParams(fields).toString() }],
    [
      'JSON',
      '',
      { headers: { ...json, 'x-gotify-key': bindingKey }, body: JSON.stringify({ ...fields, priority: 5 }) },
    ],
    ['a bearer', '', { headers: { ...json, ...bearer(bindingKey) }, body: JSON.stringify(fields) }],
  ])('pushes by %s', async (_, query, init) => {
    const { status, body } = await call(`/gotify/message${query}`, { method: 'POST', ...init });
    expect([status, body]).toMatchObject([
      200,
      { id: expect.any(Number) as number, appid: 0, title: 'T', message: 'hi', pushId: someId },
    ]);
    expect(pushed()).toEqual({ title: 'T', body: 'hi', priority: 'normal' });
  });

  it('pushes its extras', async () => {
    const extras = {
      'client::display': { contentType: 'text/markdown' },
      'client::notification': { click: { url: 'https://a.example/1' }, bigImageUrl: 'https://a.example/1.png' },
    };
    await post(`/gotify/message?token=${bindingKey}`, JSON.stringify({ message: '**hi**', priority: 8, extras }), json);
    expect(pushed()).toEqual({
      body: '**hi**',
      markdown: '**hi**',
      priority: 'high',
      url: 'https://a.example/1',
      image: 'https://a.example/1.png',
    });
  });

  it.each<[string, string, string, number, string]>([
    ['no token', '/message', '{"message":"hi"}', 401, 'credential.required'],
    ['no message', `/message?token=${bindingKey}`, '{}', 400, 'message is needed'],
    ['another address', `/application?token=${bindingKey}`, '{}', 404, 'route.unknown'],
  ])('is told in Gotify’s form of %s', async (_, path, body, status, description) => {
    const told = await post(`/gotify${path}`, body, json);
    expect(told).toMatchObject({
      status,
      body: { errorCode: status, errorDescription: expect.stringContaining(description) as string },
    });
    expect(hub.asked).toEqual([]);
  });
});

describe('a sender of Server酱', () => {
  it.each<[string, string, RequestInit, object]>([
    ['a title', `?title=${encodeURIComponent('工单')}`, {}, { body: '工单' }],
    [
      'a form',
      '',
      { method: 'POST', headers: form, body: 'title=T&desp=**hi**&short=hi&tags=a|b' },
      { title: 'T', body: 'hi', markdown: '**hi**', tags: ['a', 'b'] },
    ],
    [
      'a long text whole, and its beginning for phones',
      '',
      { method: 'POST', headers: json, body: JSON.stringify({ title: 'T', desp: '长'.repeat(5_000) }) },
      { title: 'T', body: expect.stringMatching(/^长{3999,4000}…?$/) as string, markdown: '长'.repeat(5_000) },
    ],
  ])('pushes %s', async (_, query, init, push) => {
    const { status, body } = await call(`/serverchan/${bindingKey}.send${query}`, init);
    expect([status, body]).toEqual([
      200,
      { code: 0, message: '', data: { pushid: someId, error: 'SUCCESS', errno: 0 } },
    ]);
    expect(pushed()).toEqual(push);
  });

  it('is told in its form what is wrong', async () => {
    expect(await call(`/serverchan/${bindingKey}.send`)).toMatchObject({
      status: 400,
      body: { code: 40001, message: expect.stringContaining('desp is needed') as string },
    });
    expect((await call(`/serverchan/${bindingKey}?title=T`)).status).toBe(404);
    expect(hub.asked).toEqual([]);
  });
});

describe('whatever the door', () => {
  it('an address that only begins alike is none', async () => {
    expect(await call(`/barks/${bindingKey}/B`)).toMatchObject({ status: 404, body: { code: 'route.unknown' } });
    expect(hub.asked).toEqual([]);
  });

  it('the same Idempotency-Key is the same command as of POST /v1/pushes', async () => {
    const headers = { 'idempotency-key': 'k' };
    await post('/v1/pushes', '{"title":"T","body":"B"}', { ...json, ...bearer(bindingKey), ...headers });
    await call(`/bark/${bindingKey}/T/B`, { headers });
    await post(`/ntfy/${bindingKey}`, 'B', { ...headers, Title: 'T' });
    const commands = hub.asked.map(({ request }) => [request.commandId, request.requestHash]);
    expect(commands).toHaveLength(3);
    expect(new Set(commands.map((one) => one.join())).size).toBe(1);
  });

  it('a body is bounded', async () => {
    const told = await post(`/ntfy/${bindingKey}`, 'x'.repeat(70_000));
    expect(told).toMatchObject({ status: 413, body: { error: expect.stringContaining('65536') as string } });
    expect(hub.asked).toEqual([]);
  });
});

describe('whoever tries keys', () => {
  it('is slowed down as at every other door', async () => {
    const strict = await GatewayHarness.start({}, { HARK_RATE_PER_ADDRESS: '40' });
    try {
      strict.answering(() => {
        throw new HarkError('refused', 'key.invalid', 'no such key');
      });
      const statuses: number[] = [];
      for (let tried = 0; tried < 40; tried++) {
        const key = `hk_${String(tried).padStart(32, '0')}_${'x'.repeat(43)}`;
        statuses.push((await strict.fetch(`/bark/${key}/B`)).status);
      }
      expect(statuses[0]).toBe(401);
      expect(statuses).toContain(429);
    } finally {
      await strict.close();
    }
  });

  it('is slowed down also where nothing was asked of a service', async () => {
    const strict = await GatewayHarness.start({}, { HARK_RATE_PER_ADDRESS: '1' });
    try {
      for (const path of ['/bark/ping', `/bark/${bindingKey}/a/b/c/d`]) {
        const answers = await Promise.all(Array.from({ length: 60 }, () => strict.fetch(path)));
        expect(answers.map(({ status }) => status)).toContain(429);
      }
      expect(strict.asked).toEqual([]);
    } finally {
      await strict.close();
    }
  });
});
