import { createHash } from 'node:crypto';
import { Locale } from '@hark/contracts';
import { SendResult } from './channel';
import { automatic, EmailOptions } from './email.channel';
import { codeHtml } from './mail-text';
import { resultOf } from './typed-channel';
import { words } from './words';

/** A code on its way to somebody who logs in. */
export interface LogInCode {
  readonly challengeId: string;
  /** As a mail endpoint has it: in canonical form. */
  readonly address: string;
  readonly code: string;
  readonly minutes: number;
  readonly locale: Locale;
}

/** The mail with a log-in code. It goes to whoever has the address, known to the hub or not. */
export class LogInMail {
  constructor(private readonly options: EmailOptions) {}

  /** Whether no log-in mail can reach this address, nor any like it: the hub's mail server takes none beyond ASCII. */
  refuses(address: string): Promise<boolean> {
    return this.options.mailer.refuses(address);
  }

  /** Sends the mail once and never throws. A second copy has the same Message-ID, so that readers can drop it. */
  async send({ challengeId, address, code, minutes, locale }: LogInCode): Promise<SendResult> {
    const { mailer, fromAddress } = this.options;
    const name = createHash('sha256').update(challengeId).digest('hex').slice(0, 16);
    const text = words[locale].logInBody(code, minutes);
    try {
      const { queueId } = await mailer.send({
        to: address,
        from: { name: 'Hark', address: fromAddress },
        subject: words[locale].logInTitle(code),
        text,
        html: codeHtml(locale, text, code),
        headers: automatic,
        messageId: `<log-in.${name}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`,
      });
      return { is: 'sent', ...(queueId !== undefined && { providerRef: queueId }) };
    } catch (error) {
      return resultOf(error);
    }
  }
}
