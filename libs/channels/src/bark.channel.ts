import { createHash } from 'node:crypto';
import { headerText, Outbound, OutboundError } from '@hark/outbound';
import { encryptForBark, freshBarkIv } from './bark-crypto';
import { BarkEndpoint, barkSchema } from './bark-endpoint';
import { classifyBark } from './bark-reply';
import { EndpointFields, Locale, Note, SendResult } from './channel';
import { ErrorBudget } from './error-budget';
import { cutToBytes, jsonBytes } from './text-budget';
import { masked, resultOf, TypedChannel } from './typed-channel';
import { words } from './words';

/** Where Bark pushes go when the person names no server. */
export interface BarkOptions {
  readonly outbound: Outbound;
  /** `BARK_BASE_URL`; its origin should be among the outbound's `allowOrigins`. */
  readonly baseUrl: string;
}

type Parameters = Readonly<Record<string, string>>;

// Apple takes 4 096 bytes of payload. What is not our values (keys, sound, category, the group's second place) stays
// well below 600; base64 of an encrypted payload grows by a third.
const valueBytesMax = 3_500;
const encryptedValueBytesMax = 2_400;
const titleBytesMax = 500;
const nameBytesMax = 120;
const urlBytesMax = 1_000;
const idBytesMax = 64;
const timeoutMs = 10_000;

/**
 * Bark: one request a device, so that each delivery has its own outcome. `id` replaces a notification that is already
 * there, which makes a second attempt harmless.
 */
export class BarkChannel extends TypedChannel<BarkEndpoint> {
  readonly kind = 'bark';
  readonly repeatable = true;
  readonly fields: EndpointFields<BarkEndpoint>;
  private readonly baseUrl: string;
  private readonly outbound: Outbound;
  private readonly errors = new ErrorBudget();

  constructor({ outbound, baseUrl }: BarkOptions) {
    super();
    this.outbound = outbound;
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.fields = {
      schema: barkSchema(this.baseUrl, (url) => isAllowed(outbound, url)),
      secret: ['deviceKey', 'encryption'],
    };
  }

  protected identityOf({ serverUrl, deviceKey }: BarkEndpoint): string {
    return `${serverUrl ?? this.baseUrl}/${deviceKey}`;
  }

  protected ownServerOf({ serverUrl }: BarkEndpoint): string | undefined {
    return serverUrl === undefined ? undefined : new URL(serverUrl).origin;
  }

  protected shown({ deviceKey, serverUrl, encryption, critical }: BarkEndpoint): Record<string, string> {
    return {
      deviceKey: masked(deviceKey),
      ...(serverUrl === undefined ? {} : { serverUrl: new URL(serverUrl).origin }),
      ...(encryption === undefined ? {} : { encryption: `${encryption.algorithm}-${encryption.mode}` }),
      ...(critical === true ? { critical: 'true' } : {}),
    };
  }

  protected sendChallenge(endpoint: BarkEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const { challengeTitle, challengeBody, encrypted } = words[locale];
    const id = createHash('sha256')
      .update(`${this.identityOf(endpoint)} ${code}`)
      .digest('hex')
      .slice(0, 32);
    const parameters = {
      title: challengeTitle(code),
      body: challengeBody(code),
      group: 'Hark',
      level: 'active',
      copy: code,
    };
    return this.push(endpoint, id, parameters, encrypted);
  }

  protected sendNote(endpoint: BarkEndpoint, note: Note): Promise<SendResult> {
    const id =
      jsonBytes(note.dedupeId) <= idBytesMax ? note.dedupeId : createHash('sha256').update(note.dedupeId).digest('hex');
    const bytesMax = endpoint.encryption === undefined ? valueBytesMax : encryptedValueBytesMax;
    const parameters = { ...barkParameters(note, bytesMax), level: barkLevel(endpoint, note) };
    return this.push(endpoint, id, parameters, words[note.locale].encrypted);
  }

  private async push(
    endpoint: BarkEndpoint,
    id: string,
    parameters: Parameters,
    placeholder: string,
  ): Promise<SendResult> {
    const server = endpoint.serverUrl ?? this.baseUrl;
    const waitMs = this.errors.waitMs(server);
    if (waitMs > 0)
      return { is: 'failed', class: 'THROTTLED', detail: 'error budget', retryAfterMs: waitMs, putOff: true };
    const sealed =
      endpoint.encryption === undefined ? parameters : encrypted(parameters, endpoint.encryption, placeholder);
    try {
      const { status, text } = await this.outbound.request({
        url: `${server}/push`,
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ device_key: endpoint.deviceKey, id, ...sealed }),
        timeoutMs,
      });
      const result = classifyBark(status, text, endpoint.serverUrl === undefined);
      if (result.is === 'failed') this.errors.spend(server);
      return result.is === 'sent' ? { ...result, providerRef: id } : result;
    } catch (error) {
      const accepted = error instanceof OutboundError && error.reason === 'too-large' && error.status === 200;
      return accepted ? { is: 'sent', providerRef: id } : resultOf(error);
    }
  }
}

/** The texts of a push within `bytesMax` bytes, every value a string: what is not a string Bark drops or chokes on. */
export function barkParameters(note: Note, bytesMax: number): Parameters {
  const appName = cutToBytes(headerText(note.appName, nameBytesMax), nameBytesMax);
  const title = note.title === undefined ? '' : cutToBytes(note.title.toWellFormed(), titleBytesMax);
  const url = note.url !== undefined && jsonBytes(note.url) <= urlBytesMax ? note.url.toWellFormed() : '';
  const fixed = {
    ...(title === '' ? { title: appName } : { title, subtitle: appName }),
    group: appName,
    isArchive: '1',
    ...(url === '' ? {} : { url }),
  };
  const spent = Object.values(fixed).reduce((sum, value) => sum + jsonBytes(value), 0);
  return { ...fixed, body: cutToBytes(note.body.toWellFormed(), bytesMax - spent) };
}

function barkLevel({ critical }: BarkEndpoint, { level, priority, silent }: Note): string {
  if (silent === true || level === 'weak') return 'passive';
  if (priority === 'critical' && critical === true) return 'critical';
  return priority === 'low' ? 'active' : 'timeSensitive';
}

function encrypted(
  parameters: Parameters,
  encryption: NonNullable<BarkEndpoint['encryption']>,
  placeholder: string,
): Parameters {
  const iv = freshBarkIv(encryption.mode);
  const ciphertext = encryptForBark(JSON.stringify(parameters), encryption, iv);
  return { body: placeholder, ciphertext, ...(iv === '' ? {} : { iv }) };
}

function isAllowed(outbound: Outbound, url: string): boolean {
  try {
    outbound.assertAllowed(url);
    return true;
  } catch {
    return false;
  }
}
