import { Note } from './channel';
import { words } from './words';

/** `text` as HTML text or a double-quoted attribute's value. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);

/** The mail's plain text: the app's words, the link, and why it came. */
export function mailText(note: Note, settingsUrl: string | undefined): string {
  const { footer } = words[note.locale];
  const parts = [note.body, webUrl(note.url), '--', footer(note.appName), settingsUrl, note.unsubscribeUrl];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** The same as HTML. Everything from outside is escaped; nothing is loaded from anywhere; only http(s) links are links. */
export function mailHtml(note: Note, settingsUrl: string | undefined): string {
  const { footer, open } = words[note.locale];
  const link = (url: string | undefined, label: string) =>
    url === undefined ? '' : `<p><a href="${escapeHtml(url)}" rel="noopener noreferrer">${escapeHtml(label)}</a></p>`;
  const title = note.title === undefined ? '' : `<h2 style="font-size:18px">${escapeHtml(note.title)}</h2>`;
  return [
    `<!doctype html><html lang="${note.locale}"><head><meta charset="utf-8"></head>`,
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.6">',
    title,
    `<p>${escapeHtml(note.body).replace(/\r\n|\r|\n/g, '<br>')}</p>`,
    link(webUrl(note.url), open),
    '<hr>',
    `<p style="color:#666;font-size:12px">${escapeHtml(footer(note.appName))}</p>`,
    link(webUrl(settingsUrl), 'Hark'),
    '</body></html>',
  ].join('\n');
}

function webUrl(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
