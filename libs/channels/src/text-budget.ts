import { cutText } from '@hark/kernel';

/** Bytes of `text` inside a JSON string as Go writes it: `<`, `>`, `&` and the line separators take six each. */
export function jsonBytes(text: string): number {
  const escaped = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, '\\u0000');
  return Buffer.byteLength(escaped) - 2;
}

/** `text` cut to at most `bytesMax` bytes (`measure`), between characters as a reader sees them, with `…` at the cut. */
export const cutToBytes = (text: string, bytesMax: number, measure: (text: string) => number = jsonBytes): string =>
  cutText(text, (candidate) => measure(candidate) <= bytesMax);
