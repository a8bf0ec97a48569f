import { createTransport } from 'nodemailer';
import { withTimeout } from '@hark/resilience';
import { encodedWords } from './encoded-words';
import { displayName, headerText, isInternational, parseMailAddress } from './mail-address';
import { classifySmtp, MailError, SmtpFailure } from './mail-error';
import { isInward } from './outbound-proxy';
import { parseSmtpUrl, SmtpOptions } from './smtp-options';
import { offersUtf8 } from './smtp-utf8';

/** One mail to one person. */
export interface Mail {
  readonly to: string;
  readonly from: { readonly name?: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** More headers. Those that address, date or shape the mail are refused. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With angle brackets. The same on every retry, so that readers drop the second copy. */
  readonly messageId: string;
}

/** The SMTP server, and how fast to send. */
export interface MailerOptions {
  /** `smtp[s]://user:password@host:port?tls=required|opportunistic|none` (`parseSmtpUrl`). */
  readonly smtpUrl: string;
  /** `HARK_OUTBOUND_PROXY`: the proxy for a server outside the operator's own network. */
  readonly proxyUrl?: string | undefined;
  /** Connections kept open to the server. Default 5. */
  readonly connections?: number;
  /** The longest that one mail may take, the wait for a connection included. Default 75 s. */
  readonly sendMs?: number;
}

/** The server's confirmation that it took the mail. */
export interface MailAccepted {
  readonly messageId: string;
  /** The server's queue id of the message, where its answer names it; nothing else of the answer is kept. */
  readonly queueId?: string;
}

const connectionsDefault = 5;
const messagesPerConnectionMax = 100;
const requeuesMax = 1; // only what has not left: the server had closed an idle connection
const connectMs = 15_000;
const greetingMs = 15_000;
const socketMs = 60_000;
const dnsMs = 10_000;
const sendMsDefault = 75_000;
/** How long somebody who asks whether the server refuses an address waits for what it says, before it counts as not known. */
const utf8AskedMs = 2_000;
/** How long it is believed what the server said of SMTPUTF8. */
const utf8KnownMs = 3_600_000;
const queuedMax = 1_000;
const subjectCodePointsMax = 200;
const nameCodePointsMax = 64;
const headerCodePointsMax = 900;
const headersMax = 20;
const partCharactersMax = 512 * 1024;
const reservedHeader =
  /^(from|sender|to|cc|bcc|subject|date|message-id|mime-version|content-.*|return-path|received|dkim-.*|arc-.*|resent-.*)$/i;

/** The only place that sends SMTP: a pool of connections to the operator's mail server. */
export class Mailer {
  private readonly transport;
  private readonly bodies = new WeakMap<AbortSignal, { sent: boolean }>();
  private readonly sendMs: number;
  private readonly server: SmtpOptions & { readonly proxy?: string };
  private utf8: { readonly untilMs: number; readonly offered: Promise<boolean> } | undefined;
  private pending = 0;

  constructor(options: MailerOptions) {
    this.sendMs = options.sendMs ?? sendMsDefault;
    const server = parseSmtpUrl(options.smtpUrl);
    const proxy = options.proxyUrl !== undefined && !isInward(server.host) && { proxy: options.proxyUrl };
    this.server = { ...server, ...proxy };
    this.transport = createTransport({
      ...this.server,
      pool: true,
      maxConnections: options.connections ?? connectionsDefault,
      maxMessages: messagesPerConnectionMax,
      maxRequeues: requeuesMax,
      connectionTimeout: connectMs,
      greetingTimeout: greetingMs,
      socketTimeout: socketMs,
      dnsTimeout: dnsMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // nodemailer reports a lost connection the same way before and after the message; only the stream shows whether all
    // of it was read.
    this.transport.use('stream', (mail, done) => {
      const body = mail.data.signal && this.bodies.get(mail.data.signal);
      mail.message.processFunc((stream) => (body ? stream.once('end', () => (body.sent = true)) : stream));
      done();
    });
  }

  /**
   * Resolves when the server has accepted the mail, else throws `MailError`. Sends once: a retry after
   * `UNKNOWN_OUTCOME` must use the same `messageId`. Ends within `sendMs`.
   */
  async send(mail: Mail): Promise<MailAccepted> {
    if (this.pending >= queuedMax) throw new MailError('THROTTLED', 'queue-full');
    const message = composed(mail);
    const signal = AbortSignal.timeout(this.sendMs);
    const body = { sent: false };
    this.bodies.set(signal, body);
    this.pending += 1;
    try {
      // What is asked is answered, or given up, within `sendMs` of its own, and so of this mail's.
      if (isInternational(mail.to) && !(await this.takesUtf8())) throw new MailError('RECIPIENT_REFUSED', noUtf8);
      const info = (await this.transport.sendMail({ ...message, signal })) as { response?: string };
      const queueId = queueIdIn(info.response ?? '');
      return { messageId: mail.messageId, ...(queueId !== undefined && { queueId }) };
    } catch (error) {
      throw error instanceof MailError ? error : classifySmtp(error as SmtpFailure, body.sent);
    } finally {
      this.pending -= 1;
    }
  }

  /**
   * Whether the server is known to take no mail for this address. False where it cannot be asked within 2 s: the mail is
   * tried then. Says nothing of the mailbox itself.
   */
  async refuses(address: string): Promise<boolean> {
    if (!isInternational(address)) return false;
    const asked = this.takesUtf8().then(
      (takes) => !takes,
      () => false,
    );
    return withTimeout(utf8AskedMs, asked, () => false);
  }

  /** Whether the server takes addresses beyond ASCII; asked once an hour, and anew after it was not reached. */
  private async takesUtf8(): Promise<boolean> {
    const nowMs = performance.now();
    if (!this.utf8 || this.utf8.untilMs < nowMs) {
      const offered = offersUtf8(this.server, Math.min(connectMs, this.sendMs));
      this.utf8 = { untilMs: nowMs + utf8KnownMs, offered };
    }
    const asked = this.utf8;
    try {
      return await asked.offered;
    } catch (error) {
      if (this.utf8 === asked) this.utf8 = undefined;
      throw error;
    }
  }

  /** Closes the connections; mails still waiting fail. */
  close(): void {
    this.transport.close({ force: true });
  }
}

// In this order: Postfix, QQ and many more; Exim; Sendmail; Gmail. Only an id is taken, because some servers put the
// recipient's address into the answer.
const queueIds = [
  /\bqueued as (?![^\s]*@)([\w.,:-]{4,64})/i,
  /\bid=(?![^\s]*@)([\w.-]{4,64})/i,
  /^250 2\.0\.0 ([\w.-]{8,64}) Message accepted/i,
  /^250 2\.0\.0 OK +(\d+ [\w.-]{4,64}) - gsmtp/i,
];

/** The queue id in a server's answer to the end of DATA. */
export function queueIdIn(response: string): string | undefined {
  for (const pattern of queueIds) {
    const id = pattern.exec(response.slice(0, 512))?.[1]?.replace(/[.,]+$/, '');
    if (id) return id;
  }
  return undefined;
}

/** The detail of the refusal of an address that only SMTPUTF8 can carry, by a server without it. */
export const noUtf8 = 'no SMTPUTF8';

function composed(mail: Mail) {
  const to = required(parseMailAddress(mail.to), 'RECIPIENT_GONE', 'recipient');
  const from = required(parseMailAddress(mail.from.address), 'CONFIG', 'sender');
  if (isInternational(from)) throw new MailError('CONFIG', 'sender');
  const headers = Object.entries(mail.headers ?? {});
  const wrong = headers.some(([name]) => !/^[a-z][a-z0-9-]{0,60}$/i.test(name) || reservedHeader.test(name));
  if (wrong || headers.length > headersMax) throw new MailError('BAD_REQUEST', 'header');
  if (!/^<[\w.+=-]{1,120}@[\w.-]{1,120}>$/.test(mail.messageId)) throw new MailError('BAD_REQUEST', 'message-id');
  const parts = [mail.text, mail.html ?? ''];
  // nodemailer would open a file or a URL for a part that is an object; `disableFileAccess` and `disableUrlAccess`
  // forbid it too.
  if (parts.some((part) => typeof part !== 'string' || part.length > partCharactersMax))
    throw new MailError('BAD_REQUEST', 'body');
  return {
    from: { name: displayName(mail.from.name ?? '', nameCodePointsMax), address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    subject: encodedWords(headerText(mail.subject, subjectCodePointsMax)),
    text: mail.text.toWellFormed(),
    ...(mail.html === undefined ? {} : { html: mail.html.toWellFormed() }),
    messageId: mail.messageId,
    headers: Object.fromEntries(
      headers.map(([name, value]) => {
        const line = headerText(value, headerCodePointsMax);
        // An address in a header stands as it is (RFC 6532 3.2); as an encoded word it would be none.
        return [name, isInternational(to) && line.includes(to) ? { prepared: true, value: line } : line];
      }),
    ),
  };
}

function required(address: string | null, providerClass: 'RECIPIENT_GONE' | 'CONFIG', detail: string): string {
  if (address !== null) return address;
  throw new MailError(providerClass, detail);
}
