import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { Outbound, OutboundError } from '@hark/outbound';
import { EndpointFields, Notification, SendResult } from './channel';
import { retryAfterOf } from './retry-after';
import { refusalOf } from './server-rules';
import { cutToBytes } from './text-budget';
import { masked, resultOf, TypedChannel } from './typed-channel';
import { leftOut, webAddress } from './web-address';
import { words } from './words';

/** What webhooks need of the hub. */
export interface WebhookOptions {
  readonly outbound: Outbound;
  /**
   * The present time in epoch milliseconds. Receivers accept a timestamp up to five minutes off (Standard Webhooks
   * 1.0.0).
   */
  readonly nowMs?: () => number;
}

/** A webhook as it is stored. The secret belongs to this URL; another URL is another endpoint with its own secret. */
export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks 1.0.0). */
  readonly secret: string;
}

const timeoutMs = 3_000; // a person's own server; see the Bark channel for why this is short

const bodyBytesMax = 16_000;
const secretPattern = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/**
 * Webhooks by the Standard Webhooks scheme: signed, with an id that stays the same on every attempt. Needs an outbound
 * that refuses the hub's own name (`TargetOptions.ownHosts`), or a webhook could push to the hub in a circle.
 */
export class WebhookChannel extends TypedChannel<WebhookEndpoint> {
  readonly kind = 'webhook';
  readonly repeatable = true;
  readonly fields: EndpointFields<WebhookEndpoint>;
  private readonly outbound: Outbound;
  private readonly nowMs: () => number;

  constructor({ outbound, nowMs }: WebhookOptions) {
    super();
    this.outbound = outbound;
    this.nowMs = nowMs ?? (() => Date.now());
    this.fields = { schema: webhookSchema(outbound), secret: ['url', 'secret'] };
  }

  protected identityOf({ url }: WebhookEndpoint): string {
    return url;
  }

  protected ownServerOf({ url }: WebhookEndpoint): string {
    return new URL(url).origin;
  }

  protected shown({ url, secret }: WebhookEndpoint): Record<string, string> {
    return { url: `${new URL(url).origin}/…`, secret: masked(secret) };
  }

  protected sendChallenge(endpoint: WebhookEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const id = createHash('sha256').update(`${endpoint.url} ${code}`).digest('hex').slice(0, 32);
    const timestamp = new Date(this.nowMs()).toISOString();
    return this.post(endpoint, id, {
      type: 'endpoint.challenge',
      timestamp,
      data: { code, text: words[locale].challengeTitle(code) },
    });
  }

  protected async sendNote(endpoint: WebhookEndpoint, note: Notification): Promise<SendResult> {
    const {
      appName,
      appVerified,
      appId,
      receivedAt,
      dedupeId: _,
      collapseKey: _1,
      personId: _2,
      ownerId: _3,
      provenAt: _4,
      ...said
    } = note;
    const body = cutToBytes(note.body.toWellFormed(), bodyBytesMax);
    const url = note.url === undefined ? undefined : webAddress(note.url)?.href;
    const data = { ...said, app: { id: appId, name: appName, verified: appVerified }, body, url };
    const id = note.dedupeId.replaceAll('.', '_');
    const result = await this.post(endpoint, id, { type: 'message.pushed', timestamp: receivedAt, data });
    return result.is === 'sent' ? { ...result, ...leftOut(note.url, url) } : result;
  }

  private async post({ url, secret }: WebhookEndpoint, id: string, payload: object): Promise<SendResult> {
    const body = JSON.stringify(payload);
    const seconds = Math.floor(this.nowMs() / 1_000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signWebhook(secret, id, seconds, body),
    };
    try {
      const reply = await this.outbound.request({ url, method: 'POST', headers, body, timeoutMs });
      const result = classifyWebhook(reply.status, reply.headers['retry-after'], id);
      const isSigned = reply.headers[answerHeader] === signAnswer(secret, id, seconds);
      return result.is === 'sent' && isSigned ? { ...result, signed: true } : result;
    } catch (error) {
      const status = error instanceof OutboundError && error.reason === 'too-large' ? error.status : undefined;
      return status === undefined ? resultOf(error) : classifyWebhook(status, undefined, id);
    }
  }
}

/** The `v1` signature of Standard Webhooks 1.0.0 over id, time of the attempt and body. */
export function signWebhook(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** The header of an answer that shows that the receiver has the endpoint's secret. */
export const answerHeader = 'webhook-answer';

/**
 * What a receiver may answer in `webhook-answer`: the signature of a call with this id and time whose body is `answer`, which
 * no call of the hub has, so that nobody can hand back what they were sent.
 */
export const signAnswer = (secret: string, id: string, seconds: number): string =>
  signWebhook(secret, id, seconds, 'answer');

function classifyWebhook(status: number, retryAfter: string | undefined, id: string): SendResult {
  if (status >= 200 && status < 300) return { is: 'sent', providerRef: id };
  const detail = String(status);
  if (status === 410) return { is: 'failed', class: 'RECIPIENT_GONE', detail };
  if (status < 400) return { is: 'failed', class: 'CONFIG', detail, reason: 'redirected' };
  const wait = retryAfterOf(retryAfter);
  if (status === 404) return { is: 'failed', class: 'TRANSIENT', detail, reason: 'not-found', ...wait };
  return { is: 'failed', class: status === 429 ? 'THROTTLED' : 'TRANSIENT', detail, ...wait };
}

const webhookSchema = (outbound: Outbound): z.ZodType<WebhookEndpoint> =>
  z.strictObject({
    url: z
      .string()
      .max(2_000)
      .superRefine((url, context) => {
        const refusal = refusalOf(outbound, url);
        if (refusal !== undefined) context.addIssue({ code: 'custom', message: refusal });
      }),
    secret: z.string().regex(secretPattern, 'must be whsec_ and base64 of 24 to 64 bytes'),
  });
