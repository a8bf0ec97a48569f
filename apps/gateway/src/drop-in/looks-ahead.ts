import { Headers } from './drop-in';

const purposes = ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'] as const;
/**
 * What makes pictures of links, in chats and on social sites, and search engines; each names itself so in `User-Agent`. One by
 * one, because a monitor that pushes may well be called something with bot.
 */
const previewers =
  /\b(?:(?:apple|bing|discord|google|linkedin|pinterest|slack|telegram|twitter|yandex)bot|facebookexternalhit|whatsapp|skypeuripreview|mattermost|embedly|iframely)\b|spider\b|crawler\b/i;

/**
 * Whether a GET was sent by a machine that looks ahead: a browser that loads what may be opened next, or a chat that
 * shows what a link leads to. Such a call must not push (bark's FAQ has the phantom pushes that came of it).
 */
export function looksAhead(headers: Headers): boolean {
  const said = purposes.map((name) => headers[name]).join(' ');
  return /prefetch|prerender|preview/i.test(said) || previewers.test(headers['user-agent'] ?? '');
}
