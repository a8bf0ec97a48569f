import { HarkError, parseServerUrl } from '@hark/kernel';

/** The part of nodemailer's options that follows from `SMTP_URL`. */
export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

const implicitTlsPort = 465;
const submissionPort = 587;

const tlsModes = ['required', 'opportunistic', 'none'];

/**
 * Reads `smtp[s]://user:password@host:port?tls=required|opportunistic|none`. TLS is required unless the URL says
 * otherwise or the server is on this machine. Throws `invalid` `config.invalid` with the reason and without quoting the
 * URL.
 */
export function parseSmtpUrl(text: string): SmtpOptions {
  const { scheme, user, password = '', hosts, rest } = parseServerUrl(text);
  if (!/^smtps?$/.test(scheme)) throw wrong('must begin with smtp:// or smtps://');
  const [server] = hosts;
  if (server === undefined || hosts.length > 1) throw wrong('must name one server');
  const secure = scheme === 'smtps';
  const { host, port = secure ? implicitTlsPort : submissionPort } = server;
  const here = host === 'localhost' || host === '::1' || /^127\./.test(host);
  const query = new URLSearchParams(rest.replace(/^[^?]*/, ''));
  const tls = query.get('tls') ?? (here && !secure ? 'none' : 'required');
  if (!tlsModes.includes(tls)) throw wrong(`must say tls=${tlsModes.join(', tls=')} or nothing of it`);
  return {
    host,
    port,
    secure,
    requireTLS: !secure && tls === 'required',
    ignoreTLS: !secure && tls === 'none',
    ...(user ? { auth: { user, pass: password } } : {}),
  };
}

const wrong = (message: string): HarkError => new HarkError('invalid', 'config.invalid', message);
