import { createECDH, createHash, ECDH } from 'node:crypto';
import { encrypt } from 'http_ece';
import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { Outbound, OutboundError } from '@hark/outbound';
import { EndpointFields, Notification, SendResult } from './channel';
import { retryAfterOf } from './retry-after';
import { refusalOf } from './server-rules';
import { cutToBytes, jsonBytes } from './text-budget';
import { masked, resultOf, TypedChannel } from './typed-channel';
import type { Vapid } from './vapid';
import { shownName, words } from './words';

/** What Web Push needs of the hub. */
export interface WebPushOptions {
  readonly outbound: Outbound;
  readonly vapid: Vapid;
  /**
   * `WEBPUSH_BASE_URL`: a push service beside those of the browsers' makers; its origin must be among the outbound's
   * `allowOrigins`. Only requests to it are trusted.
   */
  readonly ownUrl?: string;
  /** The present time in epoch milliseconds. */
  readonly nowMs?: () => number;
}

/** A browser's subscription (Push API: `PushSubscription.toJSON()`, its keys beside its endpoint). */
export interface WebPushEndpoint {
  /** Where its push service takes messages for it. Who knows the address could try to send: it is a secret. */
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** What the console's service worker (apps/console/src/service-worker) shows; `code` in a challenge only. */
export interface WebPushMessage {
  readonly title: string;
  readonly body: string;
  readonly lang: Locale;
  /** A message with the tag of an earlier one takes its place. */
  readonly tag: string;
  /** The same for every attempt: the second copy of a message must not ring again. */
  readonly dedupeId: string;
  /** Where a touch leads: a path of the console's. */
  readonly path: string;
  readonly silent: boolean;
  /** Stays until it is touched. */
  readonly stays: boolean;
  readonly at?: string;
  readonly code?: string;
}

/**
 * The push services of Chrome and what is built on it, Firefox, Safari and Edge. Only these are asked: an endpoint is what a
 * browser was given by its maker, never what a person thinks up, and none of them is this hub.
 */
const pushServices =
  /^(fcm\.googleapis\.com|updates\.push\.services\.mozilla\.com|[\w-]+\.push\.apple\.com|[\w.-]+\.notify\.windows\.com)$/;
const timeoutMs = 10_000;
/** A push service takes 4 096 bytes of a message at least, 103 of which are the encryption's (RFC 8291 section 4). */
const messageBytesMax = 3_993;
const titleBytesMax = 300;
const nameBytesMax = 120;
/** For how long the push service keeps a message for a browser that is not running. The inbox has it in any case. */
const keptSeconds = 3 * 86_400;

/**
 * Web Push (RFC 8030) to a browser in which the person opened the console: encrypted for that browser (RFC 8291), signed by
 * the hub (RFC 8292). The console's service worker shows a message under a tag, so a second copy takes the first one's place
 * without a sound, and a changed text that of the old one. Nothing can be taken back: browsers demand that every message is
 * shown (Push API: `userVisibleOnly`).
 */
export class WebPushChannel extends TypedChannel<WebPushEndpoint> {
  readonly kind = 'webpush';
  readonly repeatable = true;
  readonly replaces = true;
  readonly fields: EndpointFields<WebPushEndpoint>;
  private readonly outbound: Outbound;
  private readonly vapid: Vapid;
  private readonly ownUrl: string | undefined;
  private readonly nowMs: () => number;

  constructor({ outbound, vapid, ownUrl, nowMs }: WebPushOptions) {
    super();
    this.ownUrl = ownUrl === undefined ? undefined : `${new URL(ownUrl).href.replace(/\/+$/, '')}/`;
    this.outbound = outbound;
    this.vapid = vapid;
    this.nowMs = nowMs ?? (() => Date.now());
    this.fields = {
      schema: webPushSchema((endpoint) => this.isOurs(endpoint) || isPushService(outbound, endpoint)),
      secret: ['endpoint', 'p256dh', 'auth'],
      applicationServerKey: vapid.publicKey,
    };
  }

  protected identityOf({ endpoint }: WebPushEndpoint): string {
    return endpoint;
  }

  protected ownServerOf({ endpoint }: WebPushEndpoint): string {
    return new URL(endpoint).origin;
  }

  protected shown({ endpoint, auth }: WebPushEndpoint): Record<string, string> {
    return { endpoint: `${new URL(endpoint).origin}/…`, p256dh: masked(''), auth: masked(auth) };
  }

  protected sendChallenge(endpoint: WebPushEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const { challengeTitle, challengeBody } = words[locale];
    const tag = topicOf(`${endpoint.endpoint} ${code}`);
    const said = { title: challengeTitle(code), body: challengeBody(code), lang: locale, code };
    return this.post(endpoint, { ...said, tag, dedupeId: tag, path: '/channels', silent: false, stays: false }, 'high');
  }

  protected sendNote(endpoint: WebPushEndpoint, note: Notification): Promise<SendResult> {
    const name = shownName(note, (text) => cutToBytes(text.toWellFormed(), nameBytesMax));
    const message: WebPushMessage = {
      title: note.title === undefined ? name : `${cutToBytes(note.title.toWellFormed(), titleBytesMax)} · ${name}`,
      body: '',
      lang: note.locale,
      tag: note.collapseKey ?? note.dedupeId,
      dedupeId: note.dedupeId,
      path: `/inbox/${note.deliveryId}`,
      silent: isSilent(note),
      stays: note.priority === 'critical' && !isSilent(note),
      at: note.receivedAt,
    };
    const bytesMax = messageBytesMax - Buffer.byteLength(JSON.stringify(message));
    return this.post(
      endpoint,
      { ...message, body: cutToBytes(note.body.toWellFormed(), bytesMax, jsonBytes) },
      urgencyOf(note),
    );
  }

  private isOurs(endpoint: string): boolean {
    return this.ownUrl !== undefined && (URL.parse(endpoint)?.href.startsWith(this.ownUrl) ?? false);
  }

  private async post(
    { endpoint, p256dh, auth }: WebPushEndpoint,
    message: WebPushMessage,
    urgency: Urgency,
  ): Promise<SendResult> {
    const privateKey = createECDH('prime256v1');
    privateKey.generateKeys();
    const text = Buffer.from(JSON.stringify(message));
    try {
      const reply = await this.outbound.request({
        url: endpoint,
        method: 'POST',
        headers: {
          authorization: await this.vapid.authorization(new URL(endpoint).origin, this.nowMs()),
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          ttl: String(keptSeconds),
          urgency,
          topic: topicOf(message.tag),
        },
        body: encrypt(text, { version: 'aes128gcm', privateKey, dh: p256dh, authSecret: auth }),
        timeoutMs,
        trusted: this.isOurs(endpoint),
      });
      return classifyWebPush(reply.status, reply.headers['retry-after']);
    } catch (error) {
      const status = error instanceof OutboundError && error.reason === 'too-large' ? error.status : undefined;
      return status === undefined ? resultOf(error) : classifyWebPush(status, undefined);
    }
  }
}

function isPushService(outbound: Outbound, endpoint: string): boolean {
  const url = URL.parse(endpoint);
  return url !== null && pushServices.test(url.hostname) && refusalOf(outbound, endpoint) === undefined;
}

/** How soon a sleeping device should be woken (RFC 8030 section 5.3). */
type Urgency = 'low' | 'normal' | 'high';

const isSilent = ({ silent, level, priority }: Notification): boolean =>
  silent === true || level === 'weak' || priority === 'low';
const urgencyOf = (note: Notification): Urgency => {
  if (isSilent(note)) return 'low';
  return note.priority === 'normal' ? 'normal' : 'high';
};

/** A topic: at most 32 characters of base64url (RFC 8030 section 5.4). It replaces what waits at the push service. */
const topicOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 32);

/** What a push service's answer means (RFC 8030 sections 5 and 7.3; Windows' service limits by 406). */
function classifyWebPush(status: number, retryAfter: string | undefined): SendResult {
  if (status >= 200 && status < 300) return { is: 'sent' };
  const detail = String(status);
  if (status < 400) return { is: 'failed', class: 'CONFIG', detail, reason: 'redirected' };
  if (status === 404 || status === 410) return { is: 'failed', class: 'RECIPIENT_GONE', detail };
  const wait = retryAfterOf(retryAfter);
  if (status === 429 || status === 406) return { is: 'failed', class: 'THROTTLED', detail, ...wait };
  if (status >= 500) return { is: 'failed', class: 'TRANSIENT', detail, ...wait };
  // Refused for the hub's signature or for the key that the browser subscribed with: subscribing anew mends it.
  return { is: 'failed', class: status === 413 ? 'BAD_REQUEST' : 'CONFIG', detail };
}

/** The key is a point on P-256, uncompressed, the secret 16 bytes, both in base64url without padding (Push API: `getKey`). */
const webPushSchema = (isKnown: (endpoint: string) => boolean): z.ZodType<WebPushEndpoint> =>
  z.strictObject({
    endpoint: z
      .string()
      .max(2_000)
      .refine(isKnown, 'must be what a browser subscribed to: an address of its push service'),
    p256dh: z
      .string()
      .regex(/^B[\w-]{86}$/, 'must be the p256dh of a push subscription')
      .refine(isPoint, 'must be the p256dh of a push subscription'),
    auth: z.string().regex(/^[\w-]{22}$/, 'must be the auth of a push subscription'),
  });

/** A text of the right length may be no point of the curve, and no key can be agreed on with it. */
function isPoint(p256dh: string): boolean {
  try {
    ECDH.convertKey(p256dh, 'prime256v1', 'base64url');
    return true;
  } catch {
    return false;
  }
}
