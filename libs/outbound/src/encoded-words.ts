import { graphemes } from '@hark/kernel';

const wordBytesMax = 42; // RFC 2047 2: an encoded-word has at most 75 characters; 42 bytes are 56 of base64

/**
 * Header text as it must stand in a mail (RFC 2047): as it is when it is plain ASCII, else encoded as a whole. Text that
 * itself holds `=?` is encoded too, so that a reader shows what was written and decodes nothing that was meant as text.
 */
export function encodedWords(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes('=?') ? text : encoded(text);
}

/** The text as a phrase before an address or an id (RFC 5322 3.2.5): specials are encoded, too. */
export const encodedPhrase = (text: string): string =>
  /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(text) ? encodedWords(text) : encoded(text);

const encoded = (text: string): string =>
  wordsOf(text)
    .map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`)
    .join(' ');

/** In pieces that each fit an encoded-word; a reader joins them again. Between characters where one fits. */
function wordsOf(text: string): string[] {
  const parts = graphemes(text).flatMap((one) => (Buffer.byteLength(one) <= wordBytesMax ? [one] : [...one]));
  const words: string[] = [];
  for (const part of parts) {
    const last = words.at(-1);
    if (last !== undefined && Buffer.byteLength(last + part) <= wordBytesMax) words[words.length - 1] = last + part;
    else words.push(part);
  }
  return words;
}
