import { createECDH, createPublicKey, type ECDH, randomBytes } from 'node:crypto';
import { decrypt } from 'http_ece';
import { jwtVerify } from 'jose';
import { type Arrival, Arrivals } from '../control/arrivals';
import type { Fault } from '../control/faults';
import { parseJson, type Reply, text } from '../http/exchange';
import type { Received } from '../http/received';

/** A message that reached a browser. */
export interface BrowserMessage extends Arrival {
  /** Path of the subscription, prefix included: `/webpush/<id>`. */
  readonly path: string;
  readonly ttl: number;
  readonly urgency: string;
  readonly topic?: string;
  /** What the browser's service worker is handed: the message decrypted; absent where it cannot be. */
  readonly data?: string;
  /** `data` parsed; absent when it is no JSON. */
  readonly json?: unknown;
}

/** What a browser tells its page of a subscription, but for the origin of `path`. */
export interface BrowserSubscription {
  readonly path: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

interface Browser {
  readonly applicationServerKey: string;
  readonly pair: ECDH;
  readonly auth: string;
}

/** A push service need not take more of one message (RFC 8030 section 7.2). */
const messageBytesMax = 4_096;
const browsersMax = 10_000;
/** A token may live for 24 hours (RFC 8292 section 2). */
const tokenSecondsMax = 86_400;

/**
 * Stands in for browsers and their push service at `/webpush/<id>`: checks what the real ones check (RFC 8030, RFC 8292) and
 * decrypts as the browser would (RFC 8291). What a browser cannot read arrives without `data`, as it would be dropped there.
 */
export class PushService {
  readonly messages: Arrivals<BrowserMessage>;
  private readonly browsers = new Map<string, Browser>();

  constructor(arrivalsMax: number) {
    this.messages = new Arrivals(arrivalsMax);
  }

  /** Subscribes a new browser for messages of `applicationServerKey`; `undefined` when there are too many. */
  subscribe(applicationServerKey: string): BrowserSubscription | undefined {
    if (this.browsers.size >= browsersMax) return undefined;
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    const path = `/webpush/${randomBytes(16).toString('hex')}`;
    const auth = randomBytes(16).toString('base64url');
    this.browsers.set(path, { applicationServerKey, pair, auth });
    return { path, keys: { p256dh: pair.getPublicKey('base64url'), auth } };
  }

  /** Ends a subscription, as its person or the browser may; says whether there was one. */
  unsubscribe(path: string): boolean {
    return this.browsers.delete(path);
  }

  async handle(request: Received): Promise<Reply> {
    const { path, method, headers, body, seq, receivedAtMs } = request;
    if (method !== 'POST') return text(405, 'use POST');
    const browser = this.browsers.get(path);
    if (browser === undefined) return text(410, 'push subscription has unsubscribed or expired');
    const [ttl, topic] = [Number(headers['ttl'] ?? Number.NaN), header(headers['topic'])];
    const urgency = header(headers['urgency']) ?? 'normal';
    if (!Number.isSafeInteger(ttl) || ttl < 0) return text(400, 'no TTL');
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return text(400, 'topic');
    if (!['very-low', 'low', 'normal', 'high'].includes(urgency)) return text(400, 'urgency');
    if (headers['content-encoding'] !== 'aes128gcm') return text(400, 'content-encoding');
    if (body.length > messageBytesMax) return text(413, 'payload too large');
    const refusal = await refusalOf(headers.authorization, browser.applicationServerKey, `http://${headers.host}`);
    if (refusal !== undefined) return text(403, refusal);
    const data = read(body, browser);
    this.messages.add(
      { seq, receivedAtMs, path, ttl, urgency, topic, data, json: data === undefined ? undefined : parseJson(data) },
      path,
    );
    return { ...text(201, ''), headers: { location: `${path}/messages/${seq}` } };
  }

  fail(fault: Fault): Reply {
    if (fault.mode !== 'rate-limit') return text(fault.status ?? 500, 'error');
    return { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '1' }, body: 'slow down' };
  }

  reset(): void {
    this.browsers.clear();
    this.messages.reset();
  }
}

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** Why whoever sends is not the one that the browser subscribed to (RFC 8292 sections 2 to 4); `undefined` when it is. */
async function refusalOf(
  authorization: string | undefined,
  applicationServerKey: string,
  audience: string,
): Promise<string | undefined> {
  const [, token, key] = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(authorization ?? '') ?? [];
  if (token === undefined || key !== applicationServerKey) return 'the key is not the one of the subscription';
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  try {
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    const { payload } = await jwtVerify(token, publicKey, { audience, algorithms: ['ES256'], requiredClaims: ['exp'] });
    return payload.exp! > Date.now() / 1_000 + tokenSecondsMax ? 'the token lives too long' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'the token is none';
  }
}

function read(body: Buffer, { pair, auth }: Browser): string | undefined {
  try {
    return decrypt(body, { version: 'aes128gcm', privateKey: pair, authSecret: auth }).toString('utf8');
  } catch {
    return undefined;
  }
}
