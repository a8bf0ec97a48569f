import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { encodedPhrase, headerText, Mailer, parseMailAddress } from '@hark/outbound';
import { EndpointFields, Notification, SendResult } from './channel';
import { codeHtml, localLink, mailHtml, mailText, senderName } from './mail-text';
import { TypedChannel } from './typed-channel';
import { leftOut, webAddress } from './web-address';
import { words } from './words';

/** Who Hark's mails are from. */
export interface EmailOptions {
  readonly mailer: Mailer;
  /** The one sender of all mail. An app's name is only the display name; its domain is never used as sender. */
  readonly fromAddress: string;
}

/** A mail endpoint as it is stored: the address in canonical form. */
export interface EmailEndpoint {
  readonly address: string;
}

const subjectCodePointsMax = 120;
const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const sent = (queueId: string | undefined): SendResult => ({
  is: 'sent',
  ...(queueId !== undefined && { providerRef: queueId }),
});
/**
 * Asks the mailbox's server to refuse the mail where the mailbox has had another owner since it was proven (RFC 7293 section
 * 3.1). Servers that do not know the header leave it alone.
 */
const sameOwner = (address: string, { provenAt }: Notification): Record<string, string> =>
  provenAt === undefined
    ? {}
    : { 'Require-Recipient-Valid-Since': `${address}; ${new Date(provenAt).toUTCString().replace('GMT', '+0000')}` };
/** Says that no person wrote the mail, so that nobody's out-of-office answers it (RFC 3834). */
export const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/**
 * E-mail. The Message-ID is derived from the delivery, so that servers and readers can drop the second copy of a retry.
 */
export class EmailChannel extends TypedChannel<EmailEndpoint> {
  readonly kind = 'email';
  readonly repeatable = true;
  readonly fields: EndpointFields<EmailEndpoint> = { schema: emailSchema, secret: ['address'] };
  private readonly domain: string;

  constructor(private readonly options: EmailOptions) {
    super();
    this.domain = options.fromAddress.slice(options.fromAddress.lastIndexOf('@') + 1);
  }

  protected identityOf({ address }: EmailEndpoint): string {
    return address.toLowerCase();
  }

  /** All mail leaves through the hub's own server, whoever it is for. */
  protected ownServerOf(): undefined {
    return undefined;
  }

  protected shown({ address }: EmailEndpoint): Record<string, string> {
    const at = address.lastIndexOf('@');
    return { address: `${[...address][0]}•••${address.slice(at)}` };
  }

  protected async sendChallenge({ address }: EmailEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const { challengeTitle, challengeBody } = words[locale];
    const { queueId } = await this.options.mailer.send({
      to: address,
      from: { name: 'Hark', address: this.options.fromAddress },
      subject: challengeTitle(code),
      text: challengeBody(code),
      html: codeHtml(locale, challengeBody(code), code),
      headers: automatic,
      messageId: `<challenge.${shortHash(`${address} ${code}`)}@${this.domain}>`,
    });
    return sent(queueId);
  }

  protected async sendNote({ address }: EmailEndpoint, note: Notification): Promise<SendResult> {
    const name = senderName(note);
    // What came before is worth having and no reason to wait.
    const earlier = (await note.earlierSteps?.().catch(() => [])) ?? [];
    const subject = headerText(note.title ?? note.body, subjectCodePointsMax) || name;
    const { queueId } = await this.options.mailer.send({
      to: address,
      from: {
        name: note.digest || note.ofTheHub ? name : words[note.locale].via(name),
        address: this.options.fromAddress,
      },
      subject,
      text: mailText(note, earlier, subject),
      html: mailHtml(note, earlier),
      headers: { ...automatic, ...sameOwner(address, note), ...this.headersOf(note, name) },
      messageId: `<${shortHash(note.dedupeId)}.${shortHash(address)}@${this.domain}>`,
    });
    return { ...sent(queueId), ...leftOut(note.url, webAddress(note.url ?? '')?.href) };
  }

  private headersOf(note: Notification, name: string): Record<string, string> {
    const app = shortHash(note.appId ?? note.appName);
    // A root message that was never sent. It only makes readers group the mails of one thread.
    const root = `<thread.${shortHash(`${app} ${note.thread ?? ''}`)}@${this.domain}>`;
    const urgent = note.priority === 'high' || note.priority === 'critical';
    return {
      // RFC 8058 3.1. Providers require https; the mail server must sign both headers with DKIM.
      ...(note.mailLinks !== undefined && {
        'List-Unsubscribe': `<${localLink(note.mailLinks('unbind'), note.locale)}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
      // RFC 2919 3: the id is not encoded; only the phrase before it may be.
      'List-ID': `${encodedPhrase(name)} <app-${app}.${this.domain}>`,
      ...(note.thread === undefined ? {} : { References: root, 'In-Reply-To': root }),
      ...(urgent && note.level === 'strong' && note.silent !== true ? { Importance: 'high' } : {}),
    };
  }
}

const emailSchema: z.ZodType<EmailEndpoint> = z.strictObject({
  address: z
    .string()
    .trim()
    .transform((text, context) => {
      const address = parseMailAddress(text);
      if (address !== null) return address;
      const message = 'must be one plain mail address, such as name@example.com';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
});
