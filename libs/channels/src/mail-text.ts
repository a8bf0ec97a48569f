import { Locale } from '@hark/contracts';
import { displayName } from '@hark/outbound';
import { Notification } from './channel';
import { mailPage } from './mail-page';
import { webAddress } from './web-address';
import { shownName, words } from './words';

const nameCodePointsMax = 40;

/** Who a mail is from, on one line. */
export const senderName = (note: Notification): string =>
  shownName(note, (name) => displayName(name, nameCodePointsMax));

/** A link of the hub's own whose page speaks the language of the mail. */
export const localLink = (link: string, locale: Locale): string => `${link}?lang=${locale}`;

/** The ways to stop what a mail is of, the mildest first. */
const stopLinks = ({ mailLinks, locale }: Notification): readonly { href: string; label: string }[] =>
  mailLinks === undefined
    ? []
    : (['mute', 'unbind', 'complain'] as const).map((way) => ({
        href: localLink(mailLinks(way), locale),
        label: words[locale][way],
      }));

/** The mail's plain text: the app's words, the link, and why it came. */
export function mailText(note: Notification): string {
  const { footer, open } = words[note.locale];
  const link = (url: string | undefined, label: (host: string) => string) => {
    const address = url === undefined ? undefined : webAddress(url);
    return address && `${label(address.host)}\n${address.href}`;
  };
  const parts = [
    note.body,
    link(note.url, open),
    '--',
    footer(senderName(note)),
    ...stopLinks(note).map(({ href, label }) => `${label}\n${href}`),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** The same as HTML. Only http(s) links become links, and each names the host it leads to. */
export function mailHtml(note: Notification): string {
  const { footer, open } = words[note.locale];
  const address = note.url === undefined ? undefined : webAddress(note.url);
  const from = senderName(note);
  return mailPage({
    locale: note.locale,
    from,
    ...(note.title !== undefined && { title: note.title }),
    body: note.body,
    ...(address !== undefined && { link: { href: address.href, label: open(address.host) } }),
    footer: footer(from),
    stops: stopLinks(note),
  });
}

/** A mail that carries a code, as HTML: the words, and the code once more by itself. */
export const codeHtml = (locale: Locale, body: string, code: string): string =>
  mailPage({ locale, from: 'Hark', body, code, footer: words[locale].codeFooter });
