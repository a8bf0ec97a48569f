import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { until } from '@hark/testing';
import { type Fields, sandboxFixture } from '../sandbox.fixture';
import { startSandbox } from '../start-sandbox';

const sandbox = sandboxFixture({ journalMax: 5, arrivalsMax: 5 });

describe('webhooks', () => {
  it('keeps method, headers, exact body and query of any request', async () => {
    const body = '{"type": "push.delivered"}';
    await sandbox.post('/hooks/orders?x=1', body, { 'webhook-id': 'msg_1' });
    await sandbox.call('/hooks/other', { method: 'PUT', body: 'no json' });
    for (const path of ['/hooks/orders', 'orders', '/orders']) {
      expect(await sandbox.items(`/control/webhooks?path=${path}`)).toEqual([
        expect.objectContaining({
          method: 'POST',
          path: '/hooks/orders',
          query: { x: '1' },
          headers: expect.objectContaining({ 'webhook-id': 'msg_1' }),
          body,
          json: { type: 'push.delivered' },
        }),
      ]);
    }
    expect(await sandbox.items('/control/webhooks')).toHaveLength(2);
  });

  it.each([200, 204, 302, 410, 503])('answers %d where the path says so', async (status) => {
    const got = await sandbox.call(`/hooks/status/${status}/x`, { method: 'POST', redirect: 'manual' });
    expect(got.status).toBe(status);
  });

  it.each([
    [{ mode: 'error' }, 500],
    [{ mode: 'error', status: 410 }, 410],
    [{ mode: 'rate-limit' }, 429],
  ])('suffers %j', async (fields, status) => {
    await sandbox.post('/control/faults', { provider: 'webhook', times: 1, ...fields });
    expect((await sandbox.post('/hooks/a', {})).status).toBe(status);
    expect((await sandbox.post('/hooks/a', {})).status).toBe(200);
  });
});

describe('journal', () => {
  it('has everything that came in, in order, with fractional times, and no control calls', async () => {
    const before = performance.timeOrigin + performance.now();
    await sandbox.get('/wechat/sns/jscode2session?appid=x');
    await sandbox.get('/bark/ping');
    const transport = createTransport(sandbox.smtpUrl());
    await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'mail' });
    transport.close();
    await sandbox.post('/hooks/h', '{"a":1}');
    const got = (await sandbox.get('/control/journal')).body;
    expect(got.dropped).toBe(0);
    const brief = got.items.map(({ provider, method, path, answered }) => [provider, method, path, answered]);
    expect(brief).toEqual([
      ['wechat', 'GET', '/wechat/sns/jscode2session?appid=x', 200],
      ['bark', 'GET', '/bark/ping', 200],
      ['mail', 'DATA', 'b@x.test', 250],
      ['webhook', 'POST', '/hooks/h', 200],
    ]);
    expect(got.items[3]?.body).toBe('{"a":1}');
    const times = got.items.map((item) => item.receivedAtMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times.some((time) => !Number.isInteger(time))).toBe(true);
    expect(await sandbox.items(`/control/journal?after=${got.items[2]?.seq}&provider=webhook`)).toHaveLength(1);
  });

  it('keeps the newest and says how many it let go; so do the lists', async () => {
    for (let index = 0; index < 8; index++) await sandbox.post('/hooks/h', `{"index":${index}}`);
    const [journal, list] = [await sandbox.get('/control/journal'), await sandbox.get('/control/webhooks?path=h')];
    for (const { body } of [journal, list]) {
      expect(body.dropped).toBe(3);
      expect(body.items.map((item) => item.body)).toEqual([3, 4, 5, 6, 7].map((index) => `{"index":${index}}`));
    }
  });

  it('goes on counting after a reset', async () => {
    await sandbox.get('/bark/ping');
    const [before] = await sandbox.items('/control/journal');
    await sandbox.post('/control/reset');
    await sandbox.get('/bark/ping');
    const [after] = await sandbox.items('/control/journal');
    expect(after!.seq).toBeGreaterThan(before!.seq);
  });
});

it('a reset forgets users, devices, verdicts, faults, lists and the clock', async () => {
  const { deviceKey } = (await sandbox.post('/control/bark/devices', {})).body;
  const { code } = (await sandbox.post('/control/wechat/codes', { openid: 'o1' })).body;
  await sandbox.post('/control/clock', { advanceMs: 86_400_000 });
  await sandbox.post('/hooks/h', {});
  await sandbox.post('/control/faults', { provider: 'bark', mode: 'error' });
  await sandbox.post('/control/reset');
  expect((await sandbox.get(`/bark/register/${deviceKey}`)).status).toBe(400);
  const login = `appid=wx74db71d8a9e3b699&secret=sandbox-secret&grant_type=authorization_code&js_code=${code}`;
  expect((await sandbox.get(`/wechat/sns/jscode2session?${login}`)).body.errcode).toBe(40029);
  expect(await sandbox.items('/control/webhooks')).toEqual([]);
  const { now } = (await sandbox.post('/control/clock', { advanceMs: 0 })).body;
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
});

describe('bad input', () => {
  it.each([
    ['POST', '/control/wechat/codes', {}, 'body.openid'],
    ['POST', '/control/wechat/codes', { openid: 'o', sessionKey: 'short' }, 'body.sessionKey'],
    ['POST', '/control/wechat/codes', { openid: 'o', more: 1 }, 'body'],
    ['POST', '/control/wechat/codes', '{nope', 'body'],
    ['POST', '/control/wechat/verdicts', { contains: 'x', suggest: 'maybe', label: 1 }, 'body.suggest'],
    ['POST', '/control/wechat/subscriptions', { openid: 'o', templateId: 't', count: 0 }, 'body.count'],
    ['POST', '/control/bark/devices', { deviceKey: 'short' }, 'body.deviceKey'],
    ['POST', '/control/bark/devices', { state: 'tired' }, 'body.state'],
    ['POST', '/control/faults', { provider: 'fax', mode: 'error' }, 'body.provider'],
    ['POST', '/control/faults', { provider: 'bark', mode: 'melt' }, 'body.mode'],
    ['POST', '/control/faults', { provider: 'bark', mode: 'error', times: 0 }, 'body.times'],
    ['POST', '/control/clock', { advanceMs: -1 }, 'body.advanceMs'],
    ['GET', '/control/bark/pushes?waitMs=10001', undefined, 'query.waitMs'],
    ['GET', '/control/mail?atLeast=none', undefined, 'query.atLeast'],
    ['GET', '/control/mail?deviceKey=x', undefined, 'query'],
    ['GET', '/control/journal?provider=fax', undefined, 'query.provider'],
  ])('%s %s %j is refused at %s', async (method, path, body, at) => {
    const got = method === 'GET' ? await sandbox.get(path) : await sandbox.post(path, body);
    expect(got).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(got.body).toMatchObject({ status: 400, title: 'Bad Request', code: 'request.invalid' });
    expect(got.body.errors.map((error) => error.path)).toContain(at);
  });

  it.each([
    ['GET', '/control/faults', 405],
    ['POST', '/control/journal', 405],
    ['GET', '/control/nothing', 404],
    ['GET', '/control/constructor', 404],
    ['GET', '/nothing', 404],
    ['GET', '/constructor', 404],
  ])('%s %s answers %d', async (method, path, status) => {
    expect(await sandbox.call(path, { method })).toMatchObject({ status, type: 'application/problem+json' });
  });

  it('a body over 1 MiB is refused', async () => {
    expect((await sandbox.post('/hooks/h', 'x'.repeat(1_048_577))).status).toBe(413);
    expect(await sandbox.items('/control/webhooks')).toEqual([]);
  });
});

it.each([
  [{ host: 'evil.example:3100' }],
  [{ host: '127.0.0.1:1', origin: 'http://evil.example' }],
  [{ host: 'localhost.evil.example' }],
])('control calls from somebody else’s web page are refused: %j', async (headers) => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${sandbox.url()}/control/reset`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(403);
});

describe('state over a restart', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'hark-sandbox-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps device keys and visits, even after a line that was cut off, in a file for the owner only', async () => {
    const stateFile = join(folder, 'below', 'state.ndjson');
    const post = async (url: string, body: unknown) =>
      (await (await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: json })).json()) as Fields;
    const json = { 'content-type': 'application/json' };

    const first = await startSandbox({ stateFile });
    const { deviceKey } = await post(`${first.url}/control/bark/devices`, {});
    const { code } = await post(`${first.url}/control/wechat/codes`, { openid: 'o1' });
    const login = `appid=wx74db71d8a9e3b699&secret=sandbox-secret&grant_type=authorization_code&js_code=${code}`;
    await fetch(`${first.url}/wechat/sns/jscode2session?${login}`);
    await first.close();
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    await appendFile(stateFile, '{"kind":"device","deviceK');

    const second = await startSandbox({ stateFile });
    expect((await fetch(`${second.url}/bark/register/${deviceKey}`)).status).toBe(200);
    const credentials = { grant_type: 'client_credential', appid: 'wx74db71d8a9e3b699', secret: 'sandbox-secret' };
    const { access_token } = await post(`${second.url}/wechat/cgi-bin/stable_token`, credentials);
    const text = { version: 2, scene: 2, openid: 'o1', content: '好' };
    const verdict = await post(`${second.url}/wechat/wxa/msg_sec_check?access_token=${access_token}`, text);
    expect(verdict.errcode).toBe(0);
    await post(`${second.url}/control/reset`, {});
    await second.close();
    expect(await readFile(stateFile, 'utf8')).toBe('');
  });
});

describe('starting', () => {
  it('rejects when a port is taken and leaves the other one free', async () => {
    const taken = Number(new URL(sandbox.smtpUrl()).port);
    await expect(startSandbox({ smtpPort: taken })).rejects.toThrow('set HARK_SANDBOX_SMTP_PORT to another one');
  });

  it('closes within a second while long polls, streams and hangs are open', async () => {
    const running = await startSandbox();
    const fault = JSON.stringify({ provider: 'bark', mode: 'hang' });
    await fetch(`${running.url}/control/faults`, { method: 'POST', body: fault });
    await fetch(`${running.url}/control/bark/stream`);
    const open = ['/control/mail?waitMs=10000', '/bark/ping'].map((path) =>
      fetch(running.url + path).then(
        () => 'answered',
        () => 'cut',
      ),
    );
    const journal = async () => ((await (await fetch(`${running.url}/control/journal`)).json()) as Fields).items;
    await until(async () => (await journal()).length, { what: 'the hanging request has come' });
    await running.close();
    // Had it waited for them, one of them would have waited for ever.
    expect(await Promise.all(open)).toContain('cut');
  });
});
