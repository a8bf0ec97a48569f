import { domainToASCII } from 'node:url';
import { cutToLength } from '@hark/kernel';

const addressCharactersMax = 254;
/** In bytes of UTF-8 (RFC 5321 4.5.3.1.1, RFC 6531 3.3). */
const localBytesMax = 64;
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{M}\p{N}-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{M}\p{N}-]+)*$/iu;
/** What nobody sees, and a mark without the letter that it belongs on. */
const hidden = /\p{Default_Ignorable_Code_Point}|(^|\.)\p{M}/u;
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * The address in canonical form (domain in lower case, and in ASCII as name servers know it), or null. Narrower than
 * RFC 5322 on purpose: no quoted local part, comment, group, list, display name or address literal, because different
 * parsers read different recipients from them. A local part may hold letters, marks and digits of any script (RFC 6531),
 * in the one form that NFKC gives them: a full-width or otherwise compatible letter is read as another by some servers.
 */
export function parseMailAddress(text: string): string | null {
  if (text.length > addressCharactersMax) return null;
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  const domainPart = asciiDomain(text.slice(at + 1));
  if (Buffer.byteLength(localPart) > localBytesMax || !local.test(localPart) || !domain.test(domainPart)) return null;
  if (localPart !== localPart.normalize('NFKC') || hidden.test(localPart)) return null;
  return `${localPart}@${domainPart}`;
}

/** Whether only a server with SMTPUTF8 (RFC 6531) takes mail for this address. */
export const isInternational = (address: string): boolean => /[^\p{ASCII}]/u.test(address);

// UTS 46, as browsers apply it. Only for names beyond ASCII made of letters, marks and digits, because it drops tabs
// and line ends.
const asciiDomain = (text: string): string =>
  /^[\p{L}\p{M}\p{N}.。-]+$/u.test(text) && /[^\p{ASCII}]/u.test(text) ? domainToASCII(text) : text.toLowerCase();

/**
 * Text as one header line: controls, line breaks and direction overrides removed, spaces collapsed, cut between
 * characters.
 */
export const headerText = (text: string, codePointsMax: number): string => cutToLength(lineOf(text), codePointsMax);

/** A display name without quotes, brackets, `@` or `=?`, so that it cannot pass for an address or be decoded. */
export const displayName = (text: string, codePointsMax: number): string =>
  headerText(lineOf(text).replace(/[<>"\\@＠﹫:;,()[\]]|=\?/g, ' '), codePointsMax);

const lineOf = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
