import { createHash } from 'node:crypto';
import type { ComplainableView, Locale } from '@hark/contracts';
import type { MailLinkPurpose } from '@hark/credentials';
import { escapeHtml } from '../texts/escape-html';
import { MailLinkWords, mailLinkWords } from './mail-link-words';

/**
 * `asks`: before the button · `incomplete`: again, because the form lacked something · `done`: after it · `gone`: what the
 * link is about is no more · `made`, `late`: too late to complain.
 */
export type MailLinkState = 'asks' | 'incomplete' | 'done' | 'gone' | 'made' | 'late' | 'forged' | 'expired';

const style =
  ':root{color-scheme:light dark}body{max-width:36rem;margin:3rem auto;padding:0 1rem;font:1rem/1.7 system-ui,sans-serif;overflow-wrap:anywhere}' +
  'blockquote{margin:1.5rem 0;padding:.25rem 1rem;border:1px solid;border-radius:.5rem}blockquote p{margin:.5rem 0;white-space:pre-wrap}' +
  'fieldset{margin:1.5rem 0;padding:0;border:0}legend{padding:0;font-weight:bold}label{display:block;padding:.4rem 0}' +
  'textarea{box-sizing:border-box;display:block;width:100%;font:inherit}button{font:inherit;padding:.6rem 1.2rem}';

/** Nothing runs, nothing is loaded, no style but the page's own, and the only form leads back here. */
export const mailLinkPolicy =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page as HTML, for browsers without script too. Of the request nothing stands in it; `message` is what a complaint is about. */
export function mailLinkPage(
  locale: Locale,
  purpose: MailLinkPurpose,
  state: MailLinkState,
  message?: ComplainableView,
): string {
  const words = mailLinkWords[locale];
  const said = words[state === 'incomplete' ? 'asks' : state];
  const isOpen = state === 'asks' || state === 'incomplete';
  const parts = [
    `<h1>${words.title[purpose]}</h1>`,
    state === 'incomplete' ? `<p role="alert"><strong>${words.incomplete}</strong></p>` : '',
    `<p>${typeof said === 'string' ? said : said[purpose]}</p>`,
    message && isOpen ? quoted(message, locale) : '',
    isOpen
      ? `<form method="post">${purpose === 'complain' ? questions(words) : ''}<button>${words.button[purpose]}</button></form>`
      : '',
  ];
  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${words.title[purpose]} · Hark</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>` +
    `<body><main>${parts.join('')}</main></body></html>\n`
  );
}

/** The message as plain text. The person's zone is not known here, so that its time is said in UTC. */
function quoted({ appName, title, body, pushedAt }: ComplainableView, locale: Locale): string {
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const lines = [
    `<p dir="auto">${escapeHtml(appName)}</p>`,
    title === undefined ? '' : `<p dir="auto"><strong>${escapeHtml(title)}</strong></p>`,
    `<p dir="auto">${escapeHtml(body)}</p>`,
    `<p><small><time datetime="${pushedAt}">${time.format(new Date(pushedAt))} UTC</time></small></p>`,
  ];
  return `<blockquote>${lines.join('')}</blockquote>`;
}

const questions = ({ reason, reasons, note }: MailLinkWords): string =>
  `<fieldset><legend>${reason}</legend>` +
  Object.entries(reasons)
    .map(([value, label]) => `<label><input type="radio" name="reason" value="${value}" required> ${label}</label>`)
    .join('') +
  `</fieldset><label>${note}<textarea name="note" rows="4" maxlength="1000"></textarea></label>`;
