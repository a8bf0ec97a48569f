import { cutText } from '@hark/kernel';

/**
 * Bytes of `text` inside a JSON string as Go's encoding/json writes it: `<`, `>`, `&` and the line separators take six
 * each.
 */
export function jsonBytes(text: string): number {
  const escaped = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, '\\u0000');
  return Buffer.byteLength(escaped) - 2;
}

/** `text` cut to at most `bytesMax` bytes (counted by `measure`), between grapheme clusters, with `…` at the cut. */
export const cutToBytes = (text: string, bytesMax: number, measure: (text: string) => number = jsonBytes): string =>
  cutText(text, (candidate) => measure(candidate) <= bytesMax);
