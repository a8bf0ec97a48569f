/** A web address that any program can open. */
export interface WebAddress {
  /** As RFC 3986 writes it: ASCII only, every other character percent-encoded. */
  readonly href: string;
  /** The host in the form name servers know: ASCII, also for a name in another script. */
  readonly host: string;
}

const charactersMax = 4_096;
// What RFC 3986 3.3 to 3.5 allows behind the authority; `%` only before two hexadecimal digits, `#` only once.
const unsafe = /%(?![0-9a-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?#%]/gi;

/**
 * The address in the form people and programs can open; undefined when it is too long or not of the web. User name and
 * password are dropped: they can make a reader take them for the host.
 */
export function webAddress(text: string): WebAddress | undefined {
  const url = text.length > charactersMax ? null : URL.parse(text.toWellFormed().trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.host === '') return undefined;
  const [beforeHash, ...fragment] = (url.pathname + url.search + url.hash).split('#');
  const rest = beforeHash + (fragment.length > 0 ? `#${fragment.join('%23')}` : '');
  const href = `${url.protocol}//${url.host}${rest.replace(unsafe, (character) => encodeURIComponent(character))}`;
  return href.length > charactersMax ? undefined : { href, host: url.host };
}

/** The code of a link that was given but not carried. */
export const leftOut = (given: string | undefined, carried: string | undefined): { leftOut?: 'link' } =>
  given === undefined || carried !== undefined ? {} : { leftOut: 'link' };
