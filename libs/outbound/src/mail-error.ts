import { FailureClass } from './provider-class';

/** Why a mail was not accepted, or perhaps not. Neither message nor detail holds an address or the server's text. */
export class MailError extends Error {
  override readonly name = 'MailError';

  constructor(
    readonly providerClass: FailureClass,
    /** The SMTP reply code and RFC 3463 enhanced code (`550 5.1.1`), or the client's code (`ESOCKET`). */
    readonly detail: string,
    /** How long to wait, where the answer says or implies it. */
    readonly retryAfterMs?: number,
    /** The server refuses the hub's log-in or sender. No mail at all leaves until the operator mends it. */
    readonly refusesHub = false,
    /** The mailbox or its domain has had another owner since the time that the mail named (RFC 7293 section 14.3). */
    readonly ownerChanged = false,
  ) {
    super(`mail ${providerClass}: ${detail}`);
  }
}

/** What nodemailer says about a failure. */
export interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

const greylistMs = 5 * 60_000;
const frequencyMs = 30 * 60_000;
const credentials: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EREQUIRETLS']);
// Some servers report what they hold against the sender only in the answer to RCPT TO.
const senderRefused = /sender|mail ?from|authori[sz]ed user|relay(ing)? (access )?den/i;
const loggedOut: ReadonlySet<number> = new Set([530, 534, 535, 538]);
/** Commands that come before any recipient is named (RFC 5321 3.3). */
const hubCommands = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH|MAIL FROM)/;
const ownerChanged: ReadonlySet<string> = new Set(['5.7.17', '5.7.18']);
const gone: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.6', '5.1.10']);

/**
 * The class of a failure by the server's reply code, never by nodemailer's, which is `EENVELOPE` for a greylisting and
 * for a dead mailbox alike. `bodySent`: the whole message had left when the connection was lost.
 */
export function classifySmtp(failure: SmtpFailure, bodySent: boolean): MailError {
  const { code = 'unknown', responseCode, response = '', command = '' } = failure;
  if (responseCode === undefined) {
    if (bodySent) return new MailError('UNKNOWN_OUTCOME', code);
    if (credentials.has(code)) return new MailError('CONFIG', code, undefined, true);
    return new MailError(code === 'EENVELOPE' || code === 'EMESSAGE' ? 'BAD_REQUEST' : 'TRANSIENT', code);
  }
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response.slice(0, 512))?.[0] ?? '';
  const detail = `${responseCode} ${enhanced}`.trim();
  const frequent = /frequen(cy|t)|too many|rate limit/i.test(response);
  // RFC 5321 4.2.1: 4yz is transient (greylisting, a busy server); 4.5.4.1 says how soon to come back.
  if (responseCode < 500)
    return new MailError(frequent ? 'THROTTLED' : 'TRANSIENT', detail, frequent ? frequencyMs : greylistMs);
  if (credentials.has(code) || loggedOut.has(responseCode)) return new MailError('CONFIG', detail, undefined, true);
  if (ownerChanged.has(enhanced)) return new MailError('RECIPIENT_GONE', detail, undefined, false, true);
  if (gone.has(enhanced)) return new MailError('RECIPIENT_GONE', detail);
  // QQ and 163 answer 550 with such a text and no telling code to a sender they do not know yet (as operators report
  // it).
  if (frequent) return new MailError('THROTTLED', detail, frequencyMs);
  const refusesHub = hubCommands.test(command) || senderRefused.test(response);
  if (enhanced.startsWith('5.7.') || refusesHub) return new MailError('CONFIG', detail, undefined, refusesHub);
  if (enhanced === '5.2.2' || responseCode === 552 || command === 'RCPT TO')
    return new MailError('RECIPIENT_REFUSED', detail);
  return new MailError('BAD_REQUEST', detail);
}
