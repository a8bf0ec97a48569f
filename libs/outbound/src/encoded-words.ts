import { graphemes } from '@hark/kernel';

const wordBytesMax = 42; // RFC 2047 2: at most 75 characters; 42 bytes become 56 of base64

/**
 * Header text as RFC 2047 wants it: plain ASCII unchanged, anything else encoded as a whole. Text that holds `=?` is
 * encoded too, so that a reader shows it as written and does not decode it.
 */
export function encodedWords(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes('=?') ? text : encoded(text);
}

/** The text as a phrase before an address or an id (RFC 5322 3.2.5): the specials are encoded too. */
export const encodedPhrase = (text: string): string =>
  /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(text) ? encodedWords(text) : encoded(text);

const encoded = (text: string): string =>
  wordsOf(text)
    .map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`)
    .join(' ');

/**
 * Splits text into pieces that each fit an encoded-word, between grapheme clusters where possible. A reader joins them
 * again.
 */
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
