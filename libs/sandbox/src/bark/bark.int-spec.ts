import { until } from '@hark/testing';
import { type Got, type Item, sandboxFixture } from '../sandbox.fixture';

const sandbox = sandboxFixture();
const device = async (fields: object = {}) => (await sandbox.post('/control/bark/devices', fields)).body.deviceKey;
const push = (body: unknown) => sandbox.post('/bark/push', body);
const shown = (deviceKey: string) => sandbox.items(`/control/bark/pushes?deviceKey=${deviceKey}`);

function replies(got: Got, code: number, message: string) {
  expect(got.body).toEqual({ code, message, timestamp: expect.any(Number) });
  expect(got.status).toBe(code);
}

describe('pushing', () => {
  it('takes a JSON push and shows it with its parameters as text', async () => {
    const key = await device();
    const fields = { title: '工单', body: '已派单', level: 'timeSensitive', group: 'app_42', isArchive: '1' };
    replies(await push({ device_key: key, id: 'm_1', sound: 'bell', ...fields }), 200, 'success');
    expect(await shown(key)).toEqual([
      {
        seq: expect.any(Number),
        deviceKey: key,
        id: 'm_1',
        title: '工单',
        body: '已派单',
        sound: 'bell.caf',
        params: { level: 'timeSensitive', group: 'app_42', isarchive: '1' },
        state: 'shown',
        receivedAtMs: expect.any(Number),
        receivedAt: expect.stringMatching(/Z$/),
      },
    ]);
  });

  it.each([
    ['GET', '/:key', { body: 'Empty Message' }],
    ['GET', '/:key/hello+there', { body: 'hello there' }],
    ['POST', '/:key/t/b', { title: 't', body: 'b' }],
    ['GET', '/:key/t/s/a%2Fb%2B', { title: 't', subtitle: 's', body: 'a/b+' }],
    ['GET', '/:key/b?title=q&body=q&level=passive', { title: 'q', body: 'b', params: { level: 'passive' } }],
  ])('%s %s', async (method, path, expected) => {
    const key = await device();
    replies(await sandbox.call(`/bark${path.replace(':key', key)}`, { method }), 200, 'success');
    expect(await shown(key)).toEqual([expect.objectContaining(expected)]);
  });

  it('takes a form push', async () => {
    const key = await device();
    const body = new URLSearchParams({ device_key: key, title: '标题', body: 'form' });
    replies(await sandbox.call('/bark/push', { method: 'POST', body }), 200, 'success');
    expect(await shown(key)).toEqual([expect.objectContaining({ title: '标题', body: 'form' })]);
  });

  it('keeps the ciphertext of an encrypted push', async () => {
    const key = await device();
    await push({ device_key: key, ciphertext: 'd3QhjQ==', iv: '1111111111111111' });
    const params = { ciphertext: 'd3QhjQ==', iv: '1111111111111111' };
    expect(await shown(key)).toEqual([expect.objectContaining({ params })]);
  });

  it('replaces by id and deletes by id, on one phone only', async () => {
    const [key, other] = [await device(), await device()];
    await push({ device_key: other, id: 'eta', body: 'elsewhere' });
    await push({ device_key: key, id: 'eta', body: '10 min' });
    await push({ device_key: key, id: 'eta', body: '5 min' });
    await push({ device_key: key, body: 'no id' });
    expect((await shown(key)).map((each) => each.state)).toEqual(['replaced', 'shown', 'shown']);
    await push({ device_key: key, id: 'eta', delete: '1' });
    expect((await shown(key)).map((each) => each.state)).toEqual(['replaced', 'deleted', 'shown', 'silent']);
    expect((await shown(other)).map((each) => each.state)).toEqual(['shown']);
  });

  it('answers a batch item by item, HTTP 200 even when all fail', async () => {
    const key = await device();
    const got = await push({ device_keys: [key, 'unknownKey0000000', 7], body: 'x' });
    expect(got.status).toBe(200);
    expect(got.body.data).toEqual([
      { code: 200, device_key: key },
      {
        code: 400,
        device_key: 'unknownKey0000000',
        message: 'failed to get device token: failed to get [unknownKey0000000] device token from database',
      },
      { code: 400, device_key: 7, message: 'device key is empty' },
    ]);
    expect((await push({ device_keys: `${key},${key}`, body: 'x' })).body.data).toHaveLength(2);
    replies(await push({ device_keys: 7, body: 'x' }), 400, 'invalid type for device_keys');
  });

  it('measures the whole payload in bytes', async () => {
    const key = await device();
    replies(await push({ device_key: key, body: 'x'.repeat(3_900) }), 200, 'success');
    replies(await push({ device_key: key, body: '字'.repeat(1_366) }), 500, 'push failed: PayloadTooLarge');
    replies(await push({ device_key: key, extra: 'x'.repeat(4_096) }), 500, 'push failed: PayloadTooLarge');
    replies(await push({ device_key: key, id: 'x'.repeat(65) }), 500, 'push failed: BadCollapseId');
    expect(await shown(key)).toHaveLength(1);
  });

  it.each([
    ['no key', {}, 400, 'device key is empty'],
    ['a numeric key', { device_key: 7 }, 400, 'device key is empty'],
    [
      'an unknown key',
      { device_key: 'unknownKey0000000' },
      400,
      'failed to get device token: failed to get [unknownKey0000000] device token from database',
    ],
    ['a numeric group', { group: 1 }, 500, 'interface conversion: interface {} is not string'],
  ])('refuses %s', async (_, body, code, message) => replies(await push(body), code, message));

  it.each([
    ['GET', '/push', 400, 'failed to get device token: failed to get [push] device token from database'],
    ['GET', '/a/b/c/d/e', 404, 'Cannot GET /bark/a/b/c/d/e'],
    ['PUT', '/push', 405, 'Method Not Allowed'],
    ['GET', '/key/%zz', 400, 'url path parse failed: invalid URL escape in "%zz"'],
  ])('%s %s', async (method, path, code, message) =>
    replies(await sandbox.call(`/bark${path}`, { method }), code, message),
  );
});

describe('what APNs says about a device', () => {
  it.each([
    ['bad', 'push failed: BadDeviceToken'],
    ['unregistered', 'push failed: Unregistered'],
  ])('%s: refused once by APNs, then the server has forgotten the token', async (state, message) => {
    const key = await device({ state });
    replies(await push({ device_key: key, body: 'x' }), 500, message);
    replies(await push({ device_key: key, body: 'x' }), 400, 'failed to get device token: device token invalid');
    replies(await sandbox.get(`/bark/register/${key}`), 400, 'device token invalid');
    await sandbox.post('/bark/register', { device_key: key, device_token: 'fresh' });
    replies(await push({ device_key: key, body: 'x' }), 200, 'success');
  });

  it.each([
    ['throttled', 'push failed: TooManyRequests'],
    ['down', 'push failed: ServiceUnavailable'],
  ])('%s: until it is ok again', async (state, message) => {
    const deviceKey = await device({ state });
    for (let time = 0; time < 2; time++) replies(await push({ device_key: deviceKey, body: 'x' }), 500, message);
    await device({ deviceKey, state: 'ok' });
    replies(await push({ device_key: deviceKey, body: 'x' }), 200, 'success');
  });
});

describe('registering', () => {
  it('makes a key, keeps a known one, and replaces an unknown one', async () => {
    const { data } = (await sandbox.post('/bark/register', { device_token: 'token-1' })).body;
    expect(data).toEqual({ key: data.key, device_key: data.key, device_token: 'token-1' });
    expect(data.key).toMatch(/^[A-Za-z0-9]{22}$/);
    const again = await sandbox.get(`/bark/register?key=${data.key}&devicetoken=token-2`);
    expect(again.body.data).toEqual({ key: data.key, device_key: data.key, device_token: 'token-2' });
    const body = new URLSearchParams({ device_key: 'wishfulKey0000000', device_token: 'token-3' });
    const wishful = await sandbox.call('/bark/register', { method: 'POST', body });
    expect(wishful.body.data.key).not.toBe('wishfulKey0000000');
    replies(await sandbox.get(`/bark/register/${data.key}`), 200, 'success');
  });

  it('an app that unregisters leaves a dead key', async () => {
    const key = await device();
    await sandbox.post('/bark/register', { device_key: key, device_token: 'deleted' });
    replies(await push({ device_key: key }), 400, 'failed to get device token: device token invalid');
  });

  it.each([
    ['no token', { device_key: 'x' }, 'device token is empty'],
    ['a long token', { device_token: 'x'.repeat(161) }, 'device token is invalid'],
    ['no object', [], 'request bind failed2: the body is no JSON object'],
  ])('refuses %s', async (_, body, message) => replies(await sandbox.post('/bark/register', body), 400, message));

  it('does not know an unknown key', async () =>
    replies(
      await sandbox.get('/bark/register/unknownKey0000000'),
      400,
      'failed to get [unknownKey0000000] device token from database',
    ));
});

it('answers the service routes', async () => {
  await device();
  expect(await sandbox.get('/bark')).toMatchObject({ status: 200, text: 'ok' });
  expect(await sandbox.get('/bark/healthz')).toMatchObject({ status: 200, text: 'ok' });
  replies(await sandbox.get('/bark/ping'), 200, 'pong');
  expect((await sandbox.get('/bark/info')).body).toMatchObject({ devices: 1 });
});

describe('watching', () => {
  it('a long poll ends with the push it waits for', async () => {
    const key = await device();
    const poll = sandbox.items(`/control/bark/pushes?deviceKey=${key}&atLeast=2&waitMs=10000`);
    for (const body of ['one', 'two', 'three']) await push({ device_key: key, body });
    expect((await poll).map((each) => each.body).slice(0, 2)).toEqual(['one', 'two']);
  });

  it('a long poll for what comes after a point does not count what was there', async () => {
    const key = await device();
    await push({ device_key: key, body: 'old' });
    const [old] = await shown(key);
    const poll = sandbox.items(`/control/bark/pushes?after=${old?.seq}&waitMs=10000`);
    await push({ device_key: await device(), body: 'new' });
    expect((await poll).map((each) => each.body)).toEqual(['new']);
  });

  it('a long poll ends empty when its time is over, or on a reset', async () => {
    expect(await sandbox.items('/control/bark/pushes?waitMs=20')).toEqual([]);
    const poll = sandbox.items('/control/bark/pushes?waitMs=10000');
    await sandbox.post('/control/reset');
    expect(await poll).toEqual([]);
  });

  it('the stream gives one line for each push from the moment it is open', async () => {
    const key = await device();
    const response = await fetch(`${sandbox.url()}/control/bark/stream`, { signal: AbortSignal.timeout(60_000) });
    const before = performance.timeOrigin + performance.now();
    await Promise.all(Array.from({ length: 50 }, (_, index) => push({ device_key: key, id: `i${index}`, body: '号' })));
    let read = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      read += chunk;
      if (read.split('\n').length > 50) break;
    }
    const lines = read
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Item);
    expect(new Set(lines.map((line) => line.id)).size).toBe(50);
    expect(lines[0]).toEqual({ deviceKey: key, id: expect.any(String), body: '号', receivedAtMs: expect.any(Number) });
    expect(lines[0]?.receivedAtMs).toBeGreaterThanOrEqual(before);
  });
});

describe('faults', () => {
  const fault = (fields: object) => sandbox.post('/control/faults', { provider: 'bark', ...fields });

  it.each([
    [{ mode: 'error' }, 500, 'push failed: InternalServerError'],
    [{ mode: 'error', status: 503 }, 503, 'push failed: InternalServerError'],
    [{ mode: 'error', message: 'push failed: PayloadTooLarge' }, 500, 'push failed: PayloadTooLarge'],
    [{ mode: 'rate-limit' }, 500, 'push failed: TooManyRequests'],
  ])('%j', async (fields, code, message) => {
    const key = await device();
    await fault(fields);
    replies(await push({ device_key: key, body: 'x' }), code, message);
    expect(await shown(key)).toEqual([]);
    await fault({ mode: 'ok' });
    replies(await push({ device_key: key, body: 'x' }), 200, 'success');
  });

  it('slow: late but right', async () => {
    const key = await device();
    await fault({ mode: 'slow', delayMs: 80, times: 1 });
    const before = performance.now();
    replies(await push({ device_key: key, body: 'x' }), 200, 'success');
    expect(performance.now() - before).toBeGreaterThan(70);
  });

  it('slow and used up: right at once when it is taken back', async () => {
    const key = await device();
    await fault({ mode: 'slow', delayMs: 60_000, times: 1 });
    const late = push({ device_key: key, body: 'x' });
    await until(async () => (await sandbox.items('/control/journal?provider=bark')).length, { what: 'it has come' });
    await fault({ mode: 'ok' });
    replies(await late, 200, 'success');
  });

  it('a redirect leads back to where it came from', async () => {
    await fault({ mode: 'error', status: 301 });
    const response = await fetch(`${sandbox.url()}/bark/ping`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([301, '/bark/ping']);
  });

  it.each([
    [{ mode: 'reset' }, 0],
    [{ mode: 'reset', accepted: true }, 1],
    [{ mode: 'hang', delayMs: 20 }, 0],
    [{ mode: 'hang', delayMs: 20, accepted: true }, 1],
  ])('%j: no answer', async (fields, arrived) => {
    const key = await device();
    await fault({ ...fields, times: 1 });
    await expect(push({ device_key: key, body: 'x' })).rejects.toThrow('fetch failed');
    expect(await shown(key)).toHaveLength(arrived);
    const [entry] = await sandbox.items('/control/journal?provider=bark');
    expect(entry).toMatchObject({ fault: fields.mode, answered: 'cut' });
  });

  it('a reset of the sandbox cuts what hangs', async () => {
    await fault({ mode: 'hang', times: 1, delayMs: 60_000 });
    const hanging = expect(sandbox.get('/bark/ping')).rejects.toThrow('fetch failed');
    await until(async () => (await sandbox.items('/control/journal')).length === 1, { what: 'it has come' });
    await sandbox.post('/control/reset');
    await hanging;
  });
});
