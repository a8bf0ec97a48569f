import { FailureClass } from './provider-class';

/** Why a mail was not (certainly) accepted. Neither message nor detail holds an address or the server's text. */
export class MailError extends Error {
  override readonly name = 'MailError';

  constructor(
    readonly providerClass: FailureClass,
    /** The reply and enhanced codes (`550 5.1.1`), or the client's code (`ESOCKET`). */
    readonly detail: string,
    /** How long to leave it, where the answer says or implies it. */
    readonly retryAfterMs?: number,
  ) {
    super(`mail ${providerClass}: ${detail}`);
  }
}

/** What nodemailer reports of a failure. */
export interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

const greylistMs = 5 * 60_000;
const frequencyMs = 30 * 60_000;
const credentials: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EREQUIRETLS']);
const gone: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.6', '5.1.10']);

/**
 * The class of a failure, by the server's reply code and never by the client's: nodemailer says `EENVELOPE` for a
 * greylisting and for a dead mailbox alike. `bodySent`: the whole message had left when the connection was lost.
 */
export function classifySmtp(failure: SmtpFailure, bodySent: boolean): MailError {
  const { code = 'unknown', responseCode, response = '', command = '' } = failure;
  if (responseCode === undefined) {
    if (bodySent) return new MailError('UNKNOWN_OUTCOME', code);
    if (credentials.has(code)) return new MailError('CONFIG', code);
    return new MailError(code === 'EENVELOPE' || code === 'EMESSAGE' ? 'BAD_REQUEST' : 'TRANSIENT', code);
  }
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response.slice(0, 512))?.[0] ?? '';
  const detail = `${responseCode} ${enhanced}`.trim();
  // QQ and 163 answer 550 or 451 with such texts to a sender they do not know yet.
  if (/frequen(cy|t)|too many|rate limit/i.test(response)) return new MailError('THROTTLED', detail, frequencyMs);
  if (responseCode === 450 || responseCode === 451) return new MailError('TRANSIENT', detail, greylistMs);
  if (responseCode >= 400 && responseCode < 500) return new MailError('TRANSIENT', detail);
  if (credentials.has(code) || responseCode === 535 || responseCode === 530) return new MailError('CONFIG', detail);
  if (gone.has(enhanced)) return new MailError('RECIPIENT_GONE', detail);
  if (enhanced.startsWith('5.7.') || command === 'MAIL FROM') return new MailError('CONFIG', detail);
  if (enhanced === '5.2.2' || responseCode === 552 || command === 'RCPT TO')
    return new MailError('RECIPIENT_REFUSED', detail);
  return new MailError('BAD_REQUEST', detail);
}
