import { timingSafeEqual } from 'node:crypto';
import { signWebhook } from './webhook.channel';

/** How far a call's time may be from the receiver's, in seconds, either way (Standard Webhooks 1.0.0). */
const toleranceSeconds = 300;

/** The headers of a call that its signature is over. */
export interface WebhookHeaders {
  readonly 'webhook-id'?: string | undefined;
  readonly 'webhook-timestamp'?: string | undefined;
  readonly 'webhook-signature'?: string | undefined;
}

/**
 * What a receiver checks of a call: `body` exactly as it came, and `nowMs` by the receiver's own clock. `old` is a call
 * from more than five minutes ago or ahead, such as a recorded one that is sent again; within that time a receiver tells a
 * repeat by its `webhook-id`. A header may hold several signatures, while a secret is being changed; one is enough.
 */
export function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string,
  nowMs: number,
): 'valid' | 'old' | 'forged' {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return 'forged';
  const expected = Buffer.from(signWebhook(secret, id, Number(timestamp), body));
  const given = (headers['webhook-signature'] ?? '').split(' ', 10).map((one) => Buffer.from(one));
  const isSigned = given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  if (!isSigned) return 'forged';
  return Math.abs(nowMs / 1_000 - Number(timestamp)) <= toleranceSeconds ? 'valid' : 'old';
}
