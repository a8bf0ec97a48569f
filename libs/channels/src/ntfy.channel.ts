import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { FailureClass, Outbound, OutboundError } from '@hark/outbound';
import { EndpointFields, Notification, SendResult } from './channel';
import { refusalOf } from './server-rules';
import { cutToBytes } from './text-budget';
import { masked, resultOf, TypedChannel } from './typed-channel';
import { leftOut, webAddress } from './web-address';
import { shownName, words } from './words';

/** A topic as it is stored; `serverUrl` without a trailing slash. Who knows the topic can read it: it is a secret. */
export interface NtfyEndpoint {
  readonly topic: string;
  readonly serverUrl: string;
  /** An access token of the person's (`tk_…`), where their server wants one. */
  readonly token?: string;
}

const publicServer = 'https://ntfy.sh';
/** A person's own server; see the Bark channel for why this is short. */
const timeoutMs = 3_000;
/** ntfy turns a longer message into an attachment (ntfy docs: Limitations). */
const messageBytesMax = 4_000;
const titleBytesMax = 250;
const throttledMs = 60_000;

/** ntfy (ntfy docs: Publish as JSON). It drops no second copy of a message. */
export class NtfyChannel extends TypedChannel<NtfyEndpoint> {
  readonly kind = 'ntfy';
  readonly repeatable = false;
  readonly fields: EndpointFields<NtfyEndpoint>;

  constructor(private readonly outbound: Outbound) {
    super();
    this.fields = { schema: ntfySchema(outbound), secret: ['topic', 'token'] };
  }

  protected identityOf({ serverUrl, topic }: NtfyEndpoint): string {
    return `${serverUrl}/${topic}`;
  }

  protected ownServerOf({ serverUrl }: NtfyEndpoint): string {
    return new URL(serverUrl).origin;
  }

  protected shown({ serverUrl, topic, token }: NtfyEndpoint): Record<string, string> {
    const server = new URL(serverUrl).origin;
    return { topic: masked(topic), serverUrl: server, ...(token !== undefined && { token: masked(token) }) };
  }

  protected sendChallenge(endpoint: NtfyEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const { challengeTitle, challengeBody } = words[locale];
    return this.publish(endpoint, { title: challengeTitle(code), message: challengeBody(code), priority: 3 });
  }

  protected async sendNote(endpoint: NtfyEndpoint, note: Notification): Promise<SendResult> {
    const name = shownName(note, (text) => text);
    const url = note.url === undefined ? undefined : webAddress(note.url)?.href;
    const result = await this.publish(endpoint, {
      title: cutToBytes(note.title === undefined ? name : `${note.title.toWellFormed()} · ${name}`, titleBytesMax),
      message: cutToBytes(note.body.toWellFormed(), messageBytesMax),
      priority: priorityOf(note),
      ...(url !== undefined && { click: url }),
    });
    return result.is === 'sent' ? { ...result, ...leftOut(note.url, url) } : result;
  }

  private async publish({ serverUrl, topic, token }: NtfyEndpoint, message: object): Promise<SendResult> {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    try {
      const body = JSON.stringify({ topic, ...message });
      const { status, text } = await this.outbound.request({
        url: serverUrl,
        method: 'POST',
        headers,
        body,
        timeoutMs,
      });
      return classifyNtfy(status, text);
    } catch (error) {
      const isTooLarge = error instanceof OutboundError && error.reason === 'too-large' && error.status === 200;
      return isTooLarge ? { is: 'sent' } : resultOf(error);
    }
  }
}

/** ntfy's priorities are 1 to 5; 5 rings until it is seen (ntfy docs: Message priority). */
function priorityOf({ priority, level, silent }: Notification): number {
  if (silent === true || level === 'weak') return 2;
  return { low: 2, normal: 3, high: 4, critical: 5 }[priority];
}

/** What an ntfy server's answer means (ntfy source: `{code, http, error}`). The detail names codes only. */
function classifyNtfy(status: number, text: string): SendResult {
  const json = parsed(text);
  if (status === 200) {
    if (typeof json['id'] !== 'string') return { is: 'unknown', detail: 'malformed' };
    return { is: 'sent', providerRef: json['id'].slice(0, 64) };
  }
  const code = typeof json['code'] === 'number' ? json['code'] : status;
  const detail = String(code);
  if (status >= 300 && status < 400) return { is: 'failed', class: 'CONFIG', detail, reason: 'redirected' };
  const failure = classOf(status, code);
  return { is: 'failed', class: failure, detail, ...(failure === 'THROTTLED' && { retryAfterMs: throttledMs }) };
}

function classOf(status: number, code: number): FailureClass {
  if (code === 42908) return 'QUOTA_DAY'; // the day's messages
  if (status === 429) return 'THROTTLED';
  if (status >= 500) return 'TRANSIENT';
  // 404: no ntfy server stands there
  return status === 401 || status === 403 || status === 404 ? 'CONFIG' : 'BAD_REQUEST';
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const ntfySchema = (outbound: Outbound): z.ZodType<NtfyEndpoint> =>
  z.strictObject({
    topic: z
      .string()
      .trim()
      .regex(/^[-_A-Za-z0-9]{1,64}$/, 'must be a topic: letters, digits, - and _, at most 64'),
    serverUrl: z
      .string()
      .trim()
      .max(500)
      .default(publicServer)
      .transform((url) => url.replace(/\/+$/, ''))
      .superRefine((url, context) => {
        const refusal = refusalOf(outbound, url);
        if (refusal !== undefined) context.addIssue({ code: 'custom', message: refusal });
      }),
    token: z
      .string()
      .trim()
      .regex(/^tk_[a-z0-9]{10,60}$/, 'must be an access token of ntfy: tk_ and what follows')
      .optional(),
  });
