import { z } from 'zod';

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Parameters that the hub's own answer carries (RFC 6749 sections 4.1.2 and 4.1.2.1): a registered one could shadow it. */
const answerParameters = ['code', 'state', 'error'];
/** Printable ASCII without what browsers and servers read differently, and without `*`: nothing is a wildcard. */
const plain = /^[\x21-\x7e]*$/;
const ambiguous = /[\\*"<>^`{|}]/;
/** A control character or backslash in disguise. */
const disguised = /%(?:[01][0-9a-f]|5c|7f)/i;

/**
 * Whether people may be sent back to this address once they have decided: https, or http on this very machine for
 * development (RFC 8252 section 7.3). It must be written as browsers would write it, so that comparing two of them
 * letter by letter is exact (RFC 9700 section 2.1): no fragment, user name, backslash, wildcard, dot segment, default
 * port or capital in the host.
 */
export function isRedirectUri(text: string): boolean {
  if (!plain.test(text) || ambiguous.test(text) || disguised.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  const isWritten = url.href === text || url.href === `${text}/`;
  if (!isWritten || text.includes('#')) return false;
  if (url.username !== '' || url.password !== '' || url.hostname.endsWith('.')) return false;
  if (answerParameters.some((name) => url.searchParams.has(name))) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}

/** An address that an app registers for people to be sent back to, compared letter by letter. */
export const redirectUri = z
  .string()
  .max(2_000)
  .refine(isRedirectUri, 'must be an https address, or http on localhost, in its plain form');
