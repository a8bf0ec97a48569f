/** An address of the web as it may be opened anywhere. */
export interface WebAddress {
  /** As RFC 3986 writes addresses: ASCII only, every other character percent-encoded. */
  readonly href: string;
  /** Where it really leads, as name servers know it: a name in another script stands in its ASCII form. */
  readonly host: string;
}

const charactersMax = 4_096;
// What RFC 3986 lets stand behind the authority; `%` only before two hexadecimal digits, `#` only once.
const unsafe = /%(?![0-9a-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?#%]/gi;

/**
 * The address that people and other programs can open, or undefined when the text is none of the web or too long. User
 * name and password are left out: they show one host to the reader and lead to another.
 */
export function webAddress(text: string): WebAddress | undefined {
  const url = text.length > charactersMax ? null : URL.parse(text.toWellFormed().trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.host === '') return undefined;
  const [beforeHash, ...fragment] = (url.pathname + url.search + url.hash).split('#');
  const rest = beforeHash + (fragment.length > 0 ? `#${fragment.join('%23')}` : '');
  const href = `${url.protocol}//${url.host}${rest.replace(unsafe, (character) => encodeURIComponent(character))}`;
  return href.length > charactersMax ? undefined : { href, host: url.host };
}

/** What a result says of a link that was given and not carried. */
export const leftOut = (given: string | undefined, carried: string | undefined): { leftOut?: 'link' } =>
  given === undefined || carried !== undefined ? {} : { leftOut: 'link' };
