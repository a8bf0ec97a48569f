import { Locale } from '@hark/contracts';
import { optional } from '@hark/kernel';
import { displayName } from '@hark/outbound';
import { actionHref } from './action-href';
import { Notification, ThreadStep } from './channel';
import { MailLinkShown, mailPage } from './mail-page';
import { webAddress } from './web-address';
import { shownName, words } from './words';

const nameCodePointsMax = 40;

/** Who a mail is from, on one line. */
export const senderName = (note: Notification): string =>
  shownName(note, (name) => displayName(name, nameCodePointsMax));

/** A link of the hub's own whose page speaks the language of the mail. */
export const localLink = (link: string, locale: Locale): string => `${link}?lang=${locale}`;

/** The ways to stop what a mail is of, the mildest first. */
const stopLinks = ({ mailLinks, locale }: Notification): readonly MailLinkShown[] =>
  mailLinks === undefined
    ? []
    : (['mute', 'unbind', 'complain'] as const).map((way) => ({
        href: localLink(mailLinks(way), locale),
        label: words[locale][way],
      }));

/** Why the mail came. */
function footerOf(note: Notification): string {
  const { digestFooter, ownFooter, footer } = words[note.locale];
  if (note.digest) return digestFooter;
  return note.ofTheHub ? ownFooter : footer(senderName(note));
}

/** What a list of mails shows behind the subject, of the many words that would stand there otherwise. */
const previewCodePointsMax = 140;
const previewOf = ({ summary, body }: Notification): string =>
  [...(summary ?? body).replace(/\s+/g, ' ')].slice(0, previewCodePointsMax).join('');

/**
 * The actions as links: where each leads, or into the inbox where only the hub can take it. One that leads nowhere is left out.
 * A text with markdown, which mails show plainly, can be read there too.
 */
function actionLinks({ actions = [], markdown, mailLinks, locale }: Notification): readonly MailLinkShown[] {
  const { inHark, openInHark } = words[locale];
  const inbox = mailLinks?.('open');
  const links = actions.flatMap(({ label, url }): MailLinkShown[] => {
    const found = url === undefined ? inbox && { href: inbox, target: inHark } : actionHref(url);
    return found ? [{ label, ...found }] : [];
  });
  return markdown === undefined || inbox === undefined ? links : [...links, { href: inbox, label: openInHark }];
}

/** Where the ticket stands by this message, and what came before it; undefined for what is no step. */
function stepsOf({ step, locale }: Notification, earlier: readonly ThreadStep[]) {
  if (step === undefined) return undefined;
  const all = new Map([...earlier, step].map(({ index, label }) => [index, label] as const));
  const line = [...all]
    .toSorted(([one], [other]) => one - other)
    .map(([index, label]) => ({ label: label ?? String(index), now: index === step.index }));
  return { said: words[locale].step(step.index, step.of), line };
}

/**
 * The mail's plain text: the app's words, the link, and why it came. `earlier`: the ticket's steps before this one. The title
 * stands in it where `subject`, the mail's, is not all of it.
 */
export function mailText(note: Notification, earlier: readonly ThreadStep[] = [], subject = note.title): string {
  const { open, leadsTo } = words[note.locale];
  const steps = stepsOf(note, earlier);
  const link = (url: string | undefined, label: (host: string) => string) => {
    const address = url === undefined ? undefined : webAddress(url);
    return address && `${label(address.host)}\n${address.href}`;
  };
  const parts = [
    note.title === subject ? undefined : note.title,
    note.body,
    steps && `${steps.said}\n${steps.line.map(({ label }) => label).join(' → ')}`,
    link(note.url, open),
    ...actionLinks(note).map(
      ({ href, label, target }) => `${label}${target === undefined ? '' : leadsTo(target)}\n${href}`,
    ),
    '--',
    footerOf(note),
    ...stopLinks(note).map(({ href, label }) => `${label}\n${href}`),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** The same as HTML. Only addresses of the web, telephone numbers and mail addresses become links, and each says where it leads. */
export function mailHtml(note: Notification, earlier: readonly ThreadStep[] = []): string {
  const { open } = words[note.locale];
  const address = note.url === undefined ? undefined : webAddress(note.url);
  const from = senderName(note);
  return mailPage({
    locale: note.locale,
    from,
    preview: previewOf(note),
    ...(note.title !== undefined && { title: note.title }),
    body: note.body,
    ...optional('steps', stepsOf(note, earlier)),
    actions: actionLinks(note),
    ...(address !== undefined && { link: { href: address.href, label: open(address.host) } }),
    footer: footerOf(note),
    stops: stopLinks(note),
  });
}

/** A mail that carries a code, as HTML: the words, and the code once more by itself. */
export const codeHtml = (locale: Locale, body: string, code: string): string =>
  mailPage({ locale, from: 'Hark', body, code, footer: words[locale].ownFooter });
