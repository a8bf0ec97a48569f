import { createHash } from 'node:crypto';
import { Locale } from '@hark/contracts';
import { headerText, Outbound, OutboundError } from '@hark/outbound';
import { encryptForBark, freshBarkIv } from './bark-crypto';
import { BarkEndpoint, barkSchema } from './bark-endpoint';
import { classifyBark } from './bark-reply';
import { EndpointFields, Notification, SendResult } from './channel';
import { ErrorBudget } from './error-budget';
import { refusalOf } from './server-rules';
import { cutToBytes, jsonBytes } from './text-budget';
import { masked, resultOf, TypedChannel } from './typed-channel';
import { leftOut, webAddress } from './web-address';
import { shownName, words } from './words';

/** Where Bark pushes go when the person names no server. */
export interface BarkOptions {
  readonly outbound: Outbound;
  /**
   * `BARK_BASE_URL`; its origin must be among the outbound's `allowOrigins`. Only requests to this server are trusted.
   */
  readonly baseUrl: string;
  readonly errors: ErrorBudget;
}

type Parameters = Readonly<Record<string, string>>;

interface BarkPush {
  readonly id: string;
  readonly parameters: Parameters;
  /** Shown where an encrypted push cannot be decrypted; absent where there is nothing to encrypt. */
  readonly placeholder?: string;
  readonly personId: string;
  readonly isChallenge: boolean;
}

// APNs refuses a payload above 4 096 bytes (Apple: "Generating a remote notification"). Keys, sound, category and the
// second copy of the group stay well below 600 of them; base64 makes an encrypted payload a third larger.
const valueBytesMax = 3_500;
const encryptedValueBytesMax = 2_400;
const titleBytesMax = 500;
const nameBytesMax = 120;
const urlBytesMax = 1_000;
const idBytesMax = 64;
const timeoutMs = 10_000;
// bark-server gives up after 3 s itself. A person's own slow server must not occupy what all people share.
const foreignTimeoutMs = 3_000;

/**
 * Bark: one request per device, so that each delivery has its own outcome. A notification with the same `id` is
 * replaced (Bark docs; app 1.5.2, server 2.2.5 and newer), which makes a second attempt harmless.
 */
export class BarkChannel extends TypedChannel<BarkEndpoint> {
  readonly kind = 'bark';
  readonly repeatable = true;
  readonly replaces = true;
  readonly fields: EndpointFields<BarkEndpoint>;
  private readonly baseUrl: string;
  private readonly outbound: Outbound;
  private readonly errors: ErrorBudget;

  constructor({ outbound, baseUrl, errors }: BarkOptions) {
    super();
    this.outbound = outbound;
    this.errors = errors;
    this.baseUrl = new URL(baseUrl).href.replace(/\/+$/, '');
    this.fields = {
      schema: barkSchema(this.baseUrl, (url) => refusalOf(outbound, url)),
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

  protected sendChallenge(endpoint: BarkEndpoint, code: string, locale: Locale, personId: string): Promise<SendResult> {
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
    return this.push(endpoint, { id, parameters, placeholder: encrypted, personId, isChallenge: true });
  }

  protected async sendNote(endpoint: BarkEndpoint, note: Notification): Promise<SendResult> {
    const id = idOf(note.collapseKey ?? note.dedupeId);
    const bytesMax = endpoint.encryption === undefined ? valueBytesMax : encryptedValueBytesMax;
    const parameters = { ...barkParameters(note, bytesMax), level: barkLevel(endpoint, note) };
    const placeholder = words[note.locale].encrypted;
    const push = { id, parameters, placeholder, personId: note.personId, isChallenge: false };
    const result = await this.push(endpoint, push);
    return result.is === 'sent' ? { ...result, ...leftOut(note.url, barkUrl(note.url)) } : result;
  }

  /** `delete` makes it a silent push that removes the notification with this `id` (Bark docs). It holds no text. */
  takeBack(endpoint: unknown, name: string, personId: string): Promise<SendResult> {
    const push = { id: idOf(name), parameters: { delete: '1' }, personId, isChallenge: false };
    return this.attempt(endpoint, (checked) => this.push(checked, push));
  }

  private async push(endpoint: BarkEndpoint, push: BarkPush): Promise<SendResult> {
    const server = endpoint.serverUrl ?? this.baseUrl;
    const { personId, isChallenge } = push;
    const leave = await this.errors.take({ server: new URL(server).host, personId, isChallenge });
    if (leave.is === 'none')
      return {
        is: 'failed',
        class: 'THROTTLED',
        detail: 'error budget',
        retryAfterMs: leave.waitMs,
        putOff: true,
      };
    const { result, isError } = await this.ask(endpoint, push);
    if (isError) await leave.spend();
    else leave.giveBack();
    return result.is === 'sent' ? { ...result, providerRef: push.id } : result;
  }

  /** Sends one request. `isError`: the server may count it as an error. */
  private async ask(
    endpoint: BarkEndpoint,
    { id, parameters, placeholder }: BarkPush,
  ): Promise<{ result: SendResult; isError: boolean }> {
    const isOurs = endpoint.serverUrl === undefined;
    const sealed =
      endpoint.encryption === undefined || placeholder === undefined
        ? parameters
        : encrypted(parameters, endpoint.encryption, placeholder);
    try {
      const { status, text } = await this.outbound.request({
        url: `${endpoint.serverUrl ?? this.baseUrl}/push`,
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ device_key: endpoint.deviceKey, id, ...sealed }),
        timeoutMs: isOurs ? timeoutMs : foreignTimeoutMs,
        trusted: isOurs,
      });
      return { result: classifyBark(status, text, isOurs), isError: status !== 200 };
    } catch (error) {
      const status = error instanceof OutboundError ? error.status : undefined;
      const isTooLarge = error instanceof OutboundError && error.reason === 'too-large';
      if (isTooLarge && status === 200) return { result: { is: 'sent' }, isError: false };
      const result = resultOf(error);
      return { result, isError: result.is === 'unknown' };
    }
  }
}

/** The name of a notification on the phone. */
const idOf = (name: string): string =>
  jsonBytes(name) <= idBytesMax ? name : createHash('sha256').update(name).digest('hex');

/**
 * The texts of a push within `bytesMax` bytes. Every value is a string: bark-server drops other types in the text
 * fields and answers 500 to a `group` that is none.
 */
export function barkParameters(note: Notification, bytesMax: number): Parameters {
  const appName = shownName(note, (name) => cutToBytes(headerText(name, nameBytesMax), nameBytesMax));
  const title = note.title === undefined ? '' : cutToBytes(note.title.toWellFormed(), titleBytesMax);
  const url = barkUrl(note.url) ?? '';
  const fixed = {
    ...(title === '' ? { title: appName } : { title, subtitle: appName }),
    group: appName,
    isArchive: '1',
    ...(url === '' ? {} : { url }),
    ...pictures(note),
  };
  const spent = Object.values(fixed).reduce((sum, value) => sum + jsonBytes(value), 0);
  return { ...fixed, body: cutToBytes(note.body.toWellFormed(), bytesMax - spent) };
}

/**
 * The pictures, which the phone loads by itself, from whatever server the app names: that server learns when and where
 * the person got the push. So only an app that somebody answers for may have them shown.
 */
function pictures({ appVerified, icon, image }: Notification): Parameters {
  const [iconUrl, imageUrl] = appVerified ? [barkUrl(icon), barkUrl(image)] : [];
  return {
    ...(iconUrl === undefined ? {} : { icon: iconUrl }),
    ...(imageUrl === undefined ? {} : { image: imageUrl }),
  };
}

/** The link in the form a phone opens; left out when it takes too much of the payload. */
function barkUrl(text: string | undefined): string | undefined {
  const href = text === undefined ? undefined : webAddress(text)?.href;
  return href !== undefined && jsonBytes(href) <= urlBytesMax ? href : undefined;
}

function barkLevel({ critical }: BarkEndpoint, { level, priority, silent }: Notification): string {
  if (silent === true || level === 'weak') return 'passive';
  if (priority === 'critical' && critical === true) return 'critical';
  // Only pushes that the app marks urgent break through a Focus.
  if (priority === 'critical' || priority === 'high') return 'timeSensitive';
  return priority === 'low' ? 'passive' : 'active';
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
