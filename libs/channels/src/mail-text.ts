import { displayName } from '@hark/outbound';
import { Notification } from './channel';
import { webAddress } from './web-address';
import { shownName, words } from './words';

/** Escapes `text` for use as HTML text or as the value of a double-quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);

const nameCodePointsMax = 40;

/** Who a mail is from, on one line. */
export const senderName = (note: Notification): string =>
  shownName(note, (name) => displayName(name, nameCodePointsMax));

/** The mail's plain text: the app's words, the link, and why it came. */
export function mailText(note: Notification): string {
  const { footer, open } = words[note.locale];
  const link = (url: string | undefined, label: (host: string) => string) => {
    const address = url === undefined ? undefined : webAddress(url);
    return address && `${label(address.host)}\n${address.href}`;
  };
  const parts = [note.body, link(note.url, open), '--', footer(senderName(note))];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/**
 * The mail as HTML. Everything from outside is escaped and keeps its blanks, tabs and line ends. Nothing is loaded from
 * anywhere; only http(s) links become links, and each names the host it leads to.
 */
export function mailHtml(note: Notification): string {
  const { footer, open } = words[note.locale];
  const link = (url: string | undefined, label: (host: string) => string) => {
    const address = url === undefined ? undefined : webAddress(url);
    if (address === undefined) return '';
    return `<p><a href="${escapeHtml(address.href)}" rel="noopener noreferrer">${escapeHtml(label(address.host))}</a></p>`;
  };
  const title =
    note.title === undefined ? '' : `<h2 style="font-size:18px;white-space:pre-wrap">${escapeHtml(note.title)}</h2>`;
  return [
    `<!doctype html><html lang="${note.locale}"><head><meta charset="utf-8"></head>`,
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.6">',
    title,
    // A line end becomes <br> for readers that ignore pre-wrap; the line feed itself goes, so that the others show only
    // one.
    `<div style="white-space:pre-wrap">${escapeHtml(note.body).replace(/\r\n|\r|\n/g, '<br>')}</div>`,
    link(note.url, open),
    '<hr>',
    `<p style="color:#666;font-size:12px">${escapeHtml(footer(senderName(note)))}</p>`,
    '</body></html>',
  ].join('\n');
}
