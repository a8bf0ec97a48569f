import { createECDH, createPublicKey, ECDH } from 'node:crypto';
import { createServer, IncomingHttpHeaders } from 'node:http';
import { AddressInfo } from 'node:net';
import { decrypt, encrypt } from 'http_ece';
import { jwtVerify } from 'jose';
import { Outbound } from '@hark/outbound';
import type { Notification } from './channel';
import { Vapid } from './vapid';
import { WebPushChannel, type WebPushMessage } from './web-push.channel';

const nowMs = Date.parse('2026-11-22T09:00:00.000Z');
const secret = new Uint8Array(32).fill(7);
const note: Notification = {
  deliveryId: '0f3a1c9e-1111-4222-8333-444455556666',
  dedupeId: '0f3a1c9e-1111-4222-8333-444455556667',
  appName: 'Hacker密码',
  appVerified: true,
  personId: 'p-1',
  title: '工单 1024',
  body: '师傅已出发 🚚',
  priority: 'normal',
  level: 'strong',
  locale: 'zh-CN',
  receivedAt: '2026-11-22T09:00:00.000Z',
};

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const answer: { status: number; headers: Record<string, string> } = { status: 201, headers: {} };
const seen: Seen[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seen.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, answer.headers).end();
  });
});
let outbound: Outbound;
let origin: string;
let channel: WebPushChannel;
const vapid = new Vapid(secret, 'https://hub.example');
const browser: ECDH = createECDH('prime256v1');
const authSecret = Buffer.alloc(16, 3).toString('base64url');

beforeAll(async () => {
  browser.generateKeys();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  outbound = new Outbound({ allowOrigins: [origin] });
  channel = new WebPushChannel({ outbound, vapid, ownUrl: `${origin}/push`, nowMs: () => nowMs });
});
afterAll(async () => {
  await outbound.close();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  seen.length = 0;
  Object.assign(answer, { status: 201, headers: {} });
});

const subscription = () => ({
  endpoint: `${origin}/push/abc`,
  p256dh: browser.getPublicKey('base64url', 'uncompressed'),
  auth: authSecret,
});
const read = (body: Buffer) =>
  JSON.parse(decrypt(body, { version: 'aes128gcm', privateKey: browser, authSecret }).toString()) as WebPushMessage;

describe('a message to a browser', () => {
  it('is one that only the browser can read, named so that a second copy takes its place', async () => {
    expect(await channel.send(subscription(), note)).toEqual({ is: 'sent' });
    await channel.send(subscription(), note);
    const [{ path, headers, body }, again] = seen as [Seen, Seen];
    expect(path).toBe('/push/abc');
    expect(headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: '259200',
      urgency: 'normal',
      topic: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(read(body)).toEqual({
      title: '工单 1024 · Hacker密码',
      body: '师傅已出发 🚚',
      lang: 'zh-CN',
      tag: note.dedupeId,
      dedupeId: note.dedupeId,
      path: `/inbox/${note.deliveryId}`,
      silent: false,
      stays: false,
      at: note.receivedAt,
    });
    expect(again.headers['topic']).toBe(headers['topic']);
    expect(again.body).not.toEqual(body);
  });

  it('says who sends, so that nobody else can send to this subscription', async () => {
    await channel.send(subscription(), note);
    const [, token, key] = /^vapid t=([^,]+), k=([\w-]+)$/.exec(String(seen[0]!.headers.authorization))!;
    expect(key).toBe(channel.fields.applicationServerKey);
    const point = Buffer.from(key!, 'base64url');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    const { payload } = await jwtVerify(token!, publicKey, { audience: origin, currentDate: new Date(nowMs) });
    expect(payload).toEqual({ aud: origin, sub: 'https://hub.example', exp: nowMs / 1_000 + 43_200 });
  });

  it('fits what a push service must take, however long its text is', async () => {
    await channel.send(subscription(), { ...note, title: '长'.repeat(200), body: '"\n<好>'.repeat(900) });
    expect(seen[0]!.body.length).toBeLessThanOrEqual(4_096);
    expect(read(seen[0]!.body).body).toMatch(/^"\n<好>.*…$/s);
  });

  it.each<[Partial<Notification>, string, Partial<WebPushMessage>]>([
    [{ level: 'weak' }, 'low', { silent: true }],
    [{ silent: true, priority: 'critical' }, 'low', { silent: true, stays: false }],
    [{ priority: 'low' }, 'low', { silent: true }],
    [{ priority: 'high' }, 'high', { silent: false, stays: false }],
    [{ priority: 'critical' }, 'high', { silent: false, stays: true }],
    [{ collapseKey: 'eta' }, 'normal', { tag: 'eta' }],
    [{ title: undefined, appVerified: false }, 'normal', { title: 'Hacker密码 · 未认证' }],
  ])('%j: urgency %s, %j', async (change, urgency, message) => {
    await channel.send(subscription(), { ...note, ...change });
    expect(seen[0]!.headers['urgency']).toBe(urgency);
    expect(read(seen[0]!.body)).toMatchObject(message);
  });

  it.each([
    [{ status: 404 }, { is: 'failed', class: 'RECIPIENT_GONE', detail: '404' }],
    [{ status: 410 }, { is: 'failed', class: 'RECIPIENT_GONE', detail: '410' }],
    [{ status: 413 }, { is: 'failed', class: 'BAD_REQUEST', detail: '413' }],
    [{ status: 403 }, { is: 'failed', class: 'CONFIG', detail: '403' }],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { is: 'failed', class: 'THROTTLED', detail: '429', retryAfterMs: 7_000 },
    ],
    [{ status: 406 }, { is: 'failed', class: 'THROTTLED', detail: '406' }],
    [{ status: 503 }, { is: 'failed', class: 'TRANSIENT', detail: '503' }],
    [
      { status: 301, headers: { location: '/x' } },
      { is: 'failed', class: 'CONFIG', detail: '301', reason: 'redirected' },
    ],
  ])('answered %j: %j', async (given, result) => {
    Object.assign(answer, given);
    expect(await channel.send(subscription(), note)).toEqual(result);
  });

  it('carries the code when the browser is to prove that it hears', async () => {
    expect(await channel.challenge(subscription(), '123456', 'en', 'p-1')).toEqual({ is: 'sent' });
    expect(read(seen[0]!.body)).toMatchObject({
      code: '123456',
      path: '/channels',
      lang: 'en',
      title: 'Hark code 123456',
    });
  });
});

describe('a subscription', () => {
  const accepts = (change: object) => channel.fields.schema.safeParse({ ...subscription(), ...change }).success;

  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('may be of a browser: %s', (endpoint) => expect(accepts({ endpoint })).toBe(true));

  it.each([
    'https://hub.example/ntfy/hk_abc',
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com.evil.example/x',
    'https://fcm.googleapis.com@evil.example/x',
    'https://10.0.0.1/push/abc',
    'nowhere',
  ])('is of nothing else: %s', (endpoint) => expect(accepts({ endpoint })).toBe(false));

  it('is not of what stands beside the push service that is set', () => {
    expect(accepts({ endpoint: `${origin}/pushed/abc` })).toBe(false);
    expect(accepts({ endpoint: `${origin}/push/../other` })).toBe(false);
  });

  it('has a point of the curve and sixteen bytes', () => {
    expect(accepts({})).toBe(true);
    expect(accepts({ p256dh: `B${'A'.repeat(86)}` })).toBe(false);
    expect(accepts({ auth: 'AAAA' })).toBe(false);
    expect(accepts({ expirationTime: null })).toBe(false);
  });

  it('is shown by its service only', () => {
    expect(JSON.stringify(channel.show(subscription()))).not.toMatch(/abc|AwMDAwMDAwMD/);
    expect(channel.show(subscription())['endpoint']).toBe(`${origin}/…`);
  });
});

describe('the key of the hub', () => {
  it('stays the same for the same secret, and is another for another', () => {
    expect(new Vapid(secret, 'mailto:a@hub.example').publicKey).toBe(vapid.publicKey);
    expect(new Vapid(new Uint8Array(32), 'mailto:a@hub.example').publicKey).not.toBe(vapid.publicKey);
  });

  it('signs once for a push service until half of what the signature is good for is over', async () => {
    const of = (ms: number) => vapid.authorization('https://push.example', ms);
    const first = await of(nowMs);
    expect(await of(nowMs + 6 * 3_600_000 - 1)).toBe(first);
    expect(await of(nowMs + 6 * 3_600_000)).not.toBe(first);
    expect(await vapid.authorization('https://other.example', nowMs)).not.toBe(first);
  });
});

/** RFC 8291 section 5. */
it('the encryption is that of the published example', () => {
  const sender = createECDH('prime256v1');
  sender.setPrivateKey('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url');
  const message = encrypt(Buffer.from('When I grow up, I want to be a watermelon'), {
    version: 'aes128gcm',
    privateKey: sender,
    dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    authSecret: 'BTBZMqHH6r4Tts7J_aSIgg',
    salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'),
  });
  expect(message.toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});
