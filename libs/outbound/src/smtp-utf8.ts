import { createTransport } from 'nodemailer';
import { withTimeout } from '@hark/resilience';
import { SmtpOptions } from './smtp-options';

/** The name of our way to log in, which says nothing to the server: no server has one of this name. */
const method = 'X-LOOK';

/**
 * Whether the server takes addresses beyond ASCII: says `SMTPUTF8` in its answer to EHLO (RFC 6531 3.1). Asked in a connection
 * of its own, without a log-in, because nodemailer (10.6.0, `smtp-connection`) sends such an address also to a server that
 * does not, and tells what a server offers only to whoever logs in. Rejects when the server has not said it within
 * `timeoutMs`, however slowly it talks; a connection that is left behind ends with its server's silence.
 */
export async function offersUtf8(
  server: SmtpOptions & { readonly proxy?: string },
  timeoutMs: number,
): Promise<boolean> {
  let offered: readonly string[] = [];
  const probe = createTransport({
    ...server,
    auth: { type: 'custom', method, user: '-', pass: '-' },
    forceAuth: true,
    customAuth: {
      [method]: (context: { readonly extensions: readonly string[]; resolve(): void }) => {
        offered = context.extensions;
        context.resolve();
      },
    },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  try {
    // Each of the times above begins anew with whatever the server sends.
    await withTimeout(timeoutMs, probe.verify(), tooSlow);
  } finally {
    probe.close();
  }
  return offered.includes('SMTPUTF8');
}

function tooSlow(): never {
  throw Object.assign(new Error('the mail server does not finish its greeting'), { code: 'ETIMEDOUT' });
}
