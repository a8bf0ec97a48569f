import { createHash } from 'node:crypto';
import { Locale } from '@hark/contracts';
import { SendResult } from './channel';
import { automatic, EmailOptions } from './email.channel';
import { mailPage } from './mail-page';
import { resultOf } from './typed-channel';
import { words } from './words';

/** The last mail to somebody who has themselves erased. */
export interface Erasure {
  readonly personId: string;
  /** As a mail endpoint has it: in canonical form. */
  readonly address: string;
  readonly locale: Locale;
}

/** The mail that says that an account is erased. If somebody else did it, this is how its person learns of it. */
export class ErasureMail {
  constructor(private readonly options: EmailOptions) {}

  /** Sends the mail once and never throws. A second copy has the same Message-ID, so that readers can drop it. */
  async send({ personId, address, locale }: Erasure): Promise<SendResult> {
    const { mailer, fromAddress } = this.options;
    const name = createHash('sha256').update(`${personId} ${address}`).digest('hex').slice(0, 16);
    try {
      const { queueId } = await mailer.send({
        to: address,
        from: { name: 'Hark', address: fromAddress },
        subject: words[locale].erasedTitle,
        text: words[locale].erasedBody,
        html: mailPage({
          locale,
          from: 'Hark',
          title: words[locale].erasedTitle,
          body: words[locale].erasedBody,
          footer: words[locale].ownFooter,
        }),
        headers: automatic,
        messageId: `<erased.${name}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`,
      });
      return { is: 'sent', ...(queueId !== undefined && { providerRef: queueId }) };
    } catch (error) {
      return resultOf(error);
    }
  }
}
