import { problem, type Reply, reply } from '../http/exchange';
import type { Mail } from '../mail/mail-server';
import type { Sandbox } from '../sandbox';
import { escapeHtml } from './html';

const style =
  'body{font:15px/1.5 system-ui,sans-serif;margin:.5rem;overflow-wrap:anywhere}pre{font:inherit;white-space:pre-wrap}';

/**
 * One mail as its reader sees it: the HTML part as a mail program renders it, without scripts and without loading anything
 * from outside, or else the text as written. Links open in a window of their own. 404 for a mail that is not there (any more).
 */
export function mailView(sandbox: Sandbox, seq: string): Reply {
  const mail = sandbox.mail.mails.list({}).find((one) => String(one.seq) === seq);
  if (!mail) return problem(404, 'sandbox.unknown', 'no such mail');
  return reply(200, 'text/html; charset=utf-8', mail.html ? withBase(mail.html) : textPage(mail), {
    'content-security-policy':
      "sandbox allow-same-origin allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
}

// Of several the first counts, so it goes to the front of the head.
const withBase = (html: string): string =>
  /<head\b[^>]*>/i.test(html)
    ? html.replace(/<head\b[^>]*>/i, (head) => `${head}<base target="_blank">`)
    : `<base target="_blank">${html}`;

const textPage = ({ text }: Mail): string =>
  `<!doctype html><html><head><meta charset="utf-8"><style>${style}</style></head><body><pre>${escapeHtml(text)}</pre></body></html>`;
