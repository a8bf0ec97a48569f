import { randomBytes } from 'node:crypto';
import { connect, Server, Socket } from 'node:net';
import { authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { startStack, until } from '@hark/testing';
import { startGateway } from './gateway';
import {
  appSecret,
  bearer,
  bindingKey,
  GatewayHarness,
  json,
  problem,
  someId,
  whileClockStands,
} from './gateway.fixture';
import { HttpLimits, httpLimits } from './http/http-limits';

let hub: GatewayHarness | undefined;
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});
const start = async (limits: Partial<HttpLimits> = {}, settings: Record<string, string> = {}, subjects?: string[]) =>
  (hub = await GatewayHarness.start(limits, settings, subjects));

const push = (to: GatewayHarness, key = bindingKey) =>
  to.fetch('/v1/pushes', { method: 'POST', headers: { ...json, ...bearer(key) }, body: '{"body":"b"}' });

/** A responder that answers when it is let go. */
function held() {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  return { letGo, respond: () => gate.then(() => ({ body: { id: 'x' } })) };
}

function dial(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect({ host: hostname, port: Number(port) }).on('error', () => {});
}
const allOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
  });

const connectionsOf = ({ gateway }: GatewayHarness): Promise<number> =>
  new Promise((resolve, reject) =>
    (gateway.app.getHttpServer() as Server).getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

describe('a service that is not there', () => {
  it('is told at once', async () => {
    // Whoever waited for an answer would wait for longer than this test may take.
    const gateway = await start({ answerTimeoutMs: 3_600_000 }, {}, []);
    const response = await push(gateway);
    expect(await problem(response)).toMatchObject({ status: 503, code: 'service.unavailable' });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('is told within the deadline when the broker is away, and the gateway stays ready to tell it', async () => {
    const gateway = await start({ answerTimeoutMs: 300 });
    await gateway.loseBroker();
    const health = async (path: string) => (await fetch(`${gateway.gateway.healthUrl}${path}`)).text();
    await until(async () => (await health('/readyz')) === 'ok, without: nats', { what: 'it is noticed' });
    expect((await fetch(`${gateway.gateway.healthUrl}/readyz`)).status).toBe(200);
    expect(await health('/metrics')).toContain('hark_dependency_up{dependency="nats",service="gateway"} 0');
    expect(await problem(await push(gateway))).toMatchObject({ status: 503, code: 'service.unavailable' });
    expect((await fetch(`${gateway.gateway.healthUrl}/livez`)).status).toBe(200);
  });
});

describe('a service that does not answer', () => {
  it('is not waited for beyond the deadline', async () => {
    const gateway = await start({ answerTimeoutMs: 200 });
    // Its caller is signed now: with a slow signature the service would hear of the push too late, and say so first.
    await until(async () => (await push(gateway)).status === 202, { what: 'a push in time' });
    const { letGo, respond } = held();
    gateway.answering(respond);
    const response = await push(gateway);
    letGo();
    expect(await problem(response)).toMatchObject({ status: 503, code: 'request.timeout' });
    expect(response.headers.has('retry-after')).toBe(true);
  });

  it('holds up only as many requests as are allowed', async () => {
    const gateway = await start({ inFlightMax: 2 });
    const { letGo, respond } = held();
    gateway.answering(respond);
    const waiting = [push(gateway), push(gateway)];
    await until(() => gateway.asked.length === 2, { what: 'two requests are at work' });
    const response = await push(gateway);
    expect(await problem(response)).toMatchObject({ status: 503, code: 'service.overloaded' });
    expect(response.headers.get('retry-after')).toBe('1');
    letGo();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await push(gateway)).status).toBe(202);
  });
});

describe('a slow client', () => {
  it.each([
    ['headers', 'GET /v1/apps HTTP/1.1\r\nHost: x\r\nX-A:'],
    [
      'a body',
      `POST /v1/pushes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bindingKey}\r\nContent-Length: 100\r\n\r\n{`,
    ],
  ])('that does not finish %s is told so and hung up on', async (_, begun) => {
    const gateway = await start({ headersTimeoutMs: 100, requestTimeoutMs: 200, timeoutCheckMs: 20 });
    const socket = dial(gateway.url);
    const answer = allOf(socket);
    socket.write(begun);
    const [head, body] = (await answer).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(body!)).toMatchObject({ status: 408, code: 'request.too-slow' });
    expect(gateway.asked).toEqual([]);
  });

  it('meets the documented bounds when none are changed', async () => {
    const { gateway } = await start();
    const server = gateway.app.getHttpServer();
    expect(server).toMatchObject({
      headersTimeout: httpLimits.headersTimeoutMs,
      requestTimeout: httpLimits.requestTimeoutMs,
      keepAliveTimeout: httpLimits.keepAliveTimeoutMs,
      maxConnections: httpLimits.connectionsMax,
    });
    expect(httpLimits).toMatchObject({ headersTimeoutMs: 10_000, requestTimeoutMs: 15_000, headerBytesMax: 16_384 });
  });
});

describe('rates', () => {
  it('are limited for each key by itself, and every answer says what is left', async () => {
    const gateway = await start({}, { HARK_RATE_PER_CALLER: '2' });
    const responses: Response[] = [];
    await whileClockStands(async () => {
      for (let index = 0; index < 5; index++) responses.push(await push(gateway));
    });
    expect(responses.map(({ status }) => status)).toEqual([202, 202, 202, 202, 429]);
    expect(responses[0]!.headers.get('ratelimit-policy')).toBe('"caller";q=4;w=2');
    expect(responses[0]!.headers.get('ratelimit')).toBe('"caller";r=3;t=1');
    expect(responses[4]!.headers.get('retry-after')).toBe('1');
    expect(responses[4]!.headers.get('ratelimit')).toMatch(/^"caller";r=0;/);
    expect((await problem(responses[4]!)).code).toBe('request.rate-limited');
    expect((await push(gateway, appSecret)).status).toBe(202);
    expect(gateway.asked).toHaveLength(5);
    await until(async () => (await push(gateway)).status === 202, { what: 'a request is allowed again' });
  });

  it('are limited by address for those who show no token', async () => {
    const gateway = await start({}, { HARK_RATE_PER_ADDRESS: '1' });
    expect((await push(gateway)).status).toBe(202);
    const logIn = () =>
      gateway.fetch('/v1/sessions', { method: 'POST', headers: json, body: '{"provider":"wechat","code":"x"}' });
    await whileClockStands(async () => {
      const statuses = [await logIn(), await logIn(), await logIn()].map(({ status }) => status);
      expect(statuses).toEqual([201, 201, 429]);
      expect((await push(gateway)).status).toBe(202);
    });
  });
});

describe('an address', () => {
  const good = { authorization: `Bearer ${bindingKey}` };
  const invented = (index: number) => bearer(`hk_${String(index).padStart(32, '0')}_${'x'.repeat(43)}`);
  const pushAs = (to: GatewayHarness, headers: Record<string, string>) =>
    to.fetch('/v1/pushes', { method: 'POST', headers: { ...json, ...headers }, body: '{"body":"b"}' });
  const onlyGood = (to: GatewayHarness) =>
    to.answering(({ data }) => {
      if (data.credential === bindingKey) return { body: { id: 'x' } };
      throw new HarkError('refused', 'key.invalid', 'no such key');
    });

  it.each([
    ['invented keys', (to: GatewayHarness, index: number) => pushAs(to, invented(index)), 401],
    ['garbage for a token', (to: GatewayHarness, index: number) => pushAs(to, bearer(`garbage-${index}`)), 401],
    [
      'invented sessions',
      (to: GatewayHarness, index: number) => to.fetch('/v1/apps', { headers: bearer(`a.b.${index}`) }),
      401,
    ],
    ['unknown paths', (to: GatewayHarness, index: number) => to.fetch(`/v1/none-${index}`), 404],
  ])('that tries %s is slowed down after a few, and does not lock out its neighbours', async (_, attempt, status) => {
    const gateway = await start({}, { HARK_RATE_PER_ADDRESS: '50' });
    onlyGood(gateway);
    expect((await pushAs(gateway, good)).status).toBe(202);
    await whileClockStands(async () => {
      const statuses: number[] = [];
      for (let index = 0; index < 30; index++) statuses.push((await attempt(gateway, index)).status);
      expect(statuses.slice(0, 4)).toEqual([status, status, status, status]);
      const slowed = statuses.indexOf(429);
      expect(slowed).toBeGreaterThan(0);
      expect(slowed).toBeLessThan(20);
      const response = await attempt(gateway, 99);
      expect(await problem(response)).toMatchObject({ status: 429, code: 'request.rate-limited' });
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await pushAs(gateway, good)).status).toBe(202);
    });
  });

  it('that has used up its share does not lock out whoever shows a session for the first time, while that lasts', async () => {
    const gateway = await start({}, { HARK_RATE_PER_ADDRESS: '1' });
    const [session, another] = [await gateway.session(), await gateway.session(['user'], { rv: 1 })];
    await whileClockStands(async () => {
      const list = async (headers: Record<string, string>) => (await gateway.fetch('/v1/apps', { headers })).status;
      expect([await list(bearer('a.b.1')), await list(bearer('a.b.2'))]).toEqual([401, 429]);
      expect(await list(bearer(session))).toBe(200);
      gateway.sessionCheck = () => Promise.reject(new HarkError('refused', 'session.invalid', 'it has ended'));
      expect([await list(bearer(another)), await list(bearer(another))]).toEqual([401, 429]);
    });
  });

  it('does not use up its share by calls whose caller is known', async () => {
    const gateway = await start({}, { HARK_RATE_PER_ADDRESS: '5' });
    onlyGood(gateway);
    for (let index = 0; index < 20; index++) expect((await pushAs(gateway, good)).status).toBe(202);
    expect((await pushAs(gateway, invented(1))).status).toBe(401);
  });

  it('is the one that a trusted proxy names last, and no header otherwise', async () => {
    const from = (to: GatewayHarness, forwardedFor: string) =>
      to.fetch('/v1/sessions', {
        method: 'POST',
        headers: { ...json, 'x-forwarded-for': forwardedFor },
        body: '{"provider":"wechat","code":"x"}',
      });
    const statuses = (to: GatewayHarness, ...addresses: string[]) =>
      whileClockStands(async () => {
        const all: number[] = [];
        for (const address of addresses) all.push((await from(to, address)).status);
        return all;
      });
    const behind = await start(
      {},
      { HARK_RATE_PER_ADDRESS: '1', HARK_TRUSTED_PROXIES: '127.0.0.0/8, ::1, 203.0.113.9' },
    );
    const one = ['192.0.2.1', '192.0.2.7, 192.0.2.1', '192.0.2.8, 192.0.2.1, 203.0.113.9'];
    expect(await statuses(behind, ...one)).toEqual([201, 201, 429]);
    expect(await statuses(behind, '192.0.2.2', '2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2::3')).toEqual([
      201, 201, 201, 429,
    ]);
    await behind.close();
    const alone = await start({}, { HARK_RATE_PER_ADDRESS: '1' });
    expect(await statuses(alone, '192.0.2.1', '192.0.2.2', '192.0.2.3')).toEqual([201, 201, 429]);
  });
});

describe('connections', () => {
  it('of one address are so many and no more, and each that ends makes room', async () => {
    const gateway = await start({ connectionsPerAddressMax: 2 });
    const [first, second] = [dial(gateway.url), dial(gateway.url)];
    await Promise.all([first, second].map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const [head, body] = (await allOf(dial(gateway.url))).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 429 [^]*\r\nretry-after: 1/);
    expect(JSON.parse(body!)).toMatchObject({ status: 429, code: 'request.rate-limited' });
    const ended = allOf(first);
    first.destroy();
    await ended;
    const ask = async () => {
      const socket = dial(gateway.url);
      socket.write('GET /docs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      return (await allOf(socket)).startsWith('HTTP/1.1 200');
    };
    await until(ask, { what: 'there is room again' });
    second.destroy();
  });

  it('of whoever has shown who they are count for them, and no longer for their address', async () => {
    const gateway = await start({ connectionsPerAddressMax: 2, connectionsPerCallerMax: 3 });
    const session = await gateway.session();
    const held: Socket[] = [];
    const known = async () => {
      const socket = dial(gateway.url);
      held.push(socket);
      socket.write(`GET /v1/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${session}\r\n\r\n`);
      return new Promise<string>((resolve) => {
        socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1').slice(9, 12)));
        socket.once('close', () => resolve('closed'));
      });
    };
    // Three of their own, two of the address; and no more.
    for (let n = 0; n < 5; n += 1) expect(await known()).toBe('200');
    expect(await known()).toBe('429');
    // One of each ends, and the next take their places.
    held[0]!.destroy();
    held[4]!.destroy();
    for (let n = 0; n < 2; n += 1) await until(async () => (await known()) === '200', { what: 'there is room again' });
    expect(await known()).toBe('429');
    for (const socket of held) socket.destroy();
  });

  it('of a trusted proxy are as many as it wants', async () => {
    const gateway = await start({ connectionsPerAddressMax: 1 }, { HARK_TRUSTED_PROXIES: '127.0.0.1,::1' });
    const idle = dial(gateway.url);
    await new Promise((resolve) => idle.once('connect', resolve));
    expect((await gateway.fetch('/docs')).status).toBe(200);
    idle.destroy();
  });

  it('whose answers nobody takes are cut', async () => {
    const gateway = await start({ writeStallMs: 200, timeoutCheckMs: 20, pipelinedMax: 5_000 });
    const socket = dial(gateway.url);
    await new Promise((resolve) => socket.pause().once('connect', resolve));
    await until(async () => (await connectionsOf(gateway)) === 1, { what: 'the connection is there' });
    socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000));
    await until(async () => (await connectionsOf(gateway)) === 0, { what: 'the connection is cut' });
    socket.destroy();
  });

  it('that pipeline get so many answers at once, and the rest is refused', async () => {
    const gateway = await start({ pipelinedMax: 2 });
    const { letGo, respond } = held();
    gateway.answering(respond);
    const socket = dial(gateway.url);
    const replies = allOf(socket);
    const request = `POST /v1/pushes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bindingKey}\r\nContent-Length: 12\r\n\r\n{"body":"b"}`;
    socket.write(request.repeat(20));
    await until(() => gateway.asked.length === 2, { what: 'two are at work' });
    letGo();
    const statuses = [...(await replies).matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    expect(statuses.slice(0, 3)).toEqual(['202', '202', '429']);
    expect(gateway.asked).toHaveLength(2);
  });
});

describe('one caller', () => {
  const other = `hk_${'5'.repeat(32)}_${'k'.repeat(43)}`;
  const look = (to: GatewayHarness, key: string, headers: Record<string, string> = {}) =>
    to.fetch(`/v1/pushes/${someId}`, { headers: { ...bearer(key), ...headers } });

  it('waits for read models with so many calls, and nobody else is kept from it', async () => {
    const gateway = await start({ waitingPerCallerMax: 2 });
    const { letGo, respond } = held();
    gateway.answering(respond);
    const position = { 'hark-position': '9223372036854775807-message' };
    const waiting = [look(gateway, bindingKey, position), look(gateway, bindingKey, position)];
    await until(() => gateway.asked.length === 2, { what: 'two wait' });
    const third = await look(gateway, bindingKey, position);
    expect(await problem(third)).toMatchObject({ status: 429, code: 'request.rate-limited' });
    waiting.push(look(gateway, bindingKey), look(gateway, other, position));
    await until(() => gateway.asked.length === 4, { what: 'others are asked' });
    letGo();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('has so many calls at work, and leaves room for others', async () => {
    const gateway = await start({ inFlightPerCallerMax: 2 });
    const { letGo, respond } = held();
    gateway.answering(respond);
    const waiting = [push(gateway), push(gateway)];
    await until(() => gateway.asked.length === 2, { what: 'two are at work' });
    expect(await problem(await push(gateway))).toMatchObject({ status: 429, code: 'request.rate-limited' });
    waiting.push(push(gateway, other));
    await until(() => gateway.asked.length === 3, { what: 'the other caller is served' });
    letGo();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202, 202]);
  });
});

describe('starting and stopping', () => {
  it('answers what is being asked before it stops', async () => {
    const gateway = await start();
    const { letGo, respond } = held();
    gateway.answering(respond);
    const waiting = push(gateway);
    await until(() => gateway.asked.length === 1, { what: 'the request is at work' });
    const closing = gateway.gateway.close();
    letGo();
    expect((await waiting).status).toBe(202);
    await closing;
    await expect(gateway.fetch('/docs')).rejects.toThrow();
  });

  it('is not kept from stopping by a client that does not finish', async () => {
    const gateway = await start({ closeTimeoutMs: 200 });
    const socket = dial(gateway.url);
    const ended = allOf(socket);
    socket.write('POST /v1/pushes HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    await until(() => socket.bytesWritten > 0, { what: 'the request has begun' });
    await gateway.gateway.close();
    await ended;
  });

  it('does not start with wrong settings, and names each', async () => {
    const env = { NATS_URL: 'http://x', HARK_MASTER_KEY: 'short', HARK_PORT: '99999', HARK_RATE_PER_CALLER: '-1' };
    const message = await startGateway(env).then(
      () => 'started',
      (error: Error) => error.message,
    );
    for (const name of Object.keys(env)) expect(message).toContain(name);
    expect(message).not.toContain('short');
  });

  it('does not start beside services that have another master key', async () => {
    const gateway = await start({});
    const { NATS_URL } = gateway.env;
    const env = { NATS_URL, HARK_PORT: '0', HARK_MASTER_KEY: randomBytes(32).toString('base64') };
    await expect(startGateway(env)).rejects.toMatchObject({ code: 'config.master-key-mismatch' });
  });

  it('asks its services when it starts for what they can carry out', async () => {
    const { env, asked } = await start({});
    const { NATS_URL, HARK_MASTER_KEY } = env;
    const other = await startGateway({ NATS_URL, HARK_MASTER_KEY, HARK_PORT: '0' });
    await other.close();
    expect(asked.map(({ subject, data }) => [subject, data])).toEqual([[authSubjects.listEndpointKinds, {}]]);
  });

  it('leaves nothing open when it cannot listen', async () => {
    const taken = await start();
    const stack = await startStack({ nats: true });
    const env = { ...stack.env, HARK_PORT: new URL(taken.url).port };
    await expect(startGateway(env)).rejects.toThrow('is taken');
    await stack.close();
  });
});
