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

/**
 * Reads `smtp[s]://user:password@host:port?tls=required|opportunistic|none`. TLS is required unless the URL says
 * otherwise or the server is on this machine. Throws, naming no secrets, when it is not such a URL.
 */
export function parseSmtpUrl(text: string): SmtpOptions {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw new Error('not an smtp URL');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const here = host === 'localhost' || host === '::1' || /^127\./.test(host);
  const tls = url.searchParams.get('tls') ?? (here && !secure ? 'none' : 'required');
  if (!['required', 'opportunistic', 'none'].includes(tls))
    throw new Error('tls of an smtp URL is required, opportunistic or none');
  const user = decodeURIComponent(url.username);
  return {
    host,
    port: url.port === '' ? (secure ? implicitTlsPort : submissionPort) : Number(url.port),
    secure,
    requireTLS: !secure && tls === 'required',
    ignoreTLS: !secure && tls === 'none',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}
