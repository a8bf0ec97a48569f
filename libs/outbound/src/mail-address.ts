const addressCharactersMax = 254;
const localCharactersMax = 64;
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * The address in canonical form (domain in lower case), or null. Deliberately narrower than RFC 5322: no quoted local
 * part, comment, group, list, display name, address literal or non-ASCII character, because every one of those means
 * different recipients to different parsers.
 */
export function parseMailAddress(text: string): string | null {
  if (text.length > addressCharactersMax) return null;
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  const domainPart = text.slice(at + 1).toLowerCase();
  if (localPart.length > localCharactersMax || !local.test(localPart) || !domain.test(domainPart)) return null;
  return `${localPart}@${domainPart}`;
}

/** One line of header text: controls, line breaks and direction overrides out, spaces collapsed, cut by code point. */
export function headerText(text: string, codePointsMax: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const points = [...line];
  return points.length <= codePointsMax ? line : `${points.slice(0, codePointsMax - 1).join('')}…`;
}

/** A display name that cannot pass for an address: no quotes, brackets or `@`. */
export const displayName = (text: string, codePointsMax: number): string =>
  headerText(text.replace(/[<>"\\@＠﹫:;,()[\]]/g, ' '), codePointsMax);
