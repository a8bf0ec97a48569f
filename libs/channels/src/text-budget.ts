/** Bytes of `text` inside a JSON string as Go writes it: `<`, `>`, `&` and the line separators take six each. */
export function jsonBytes(text: string): number {
  const escaped = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, '\\u0000');
  return Buffer.byteLength(escaped) - 2;
}

/** `text` cut to at most `bytesMax` bytes (`measure`), between code points, with `…` at the cut. */
export function cutToBytes(text: string, bytesMax: number, measure: (text: string) => number = jsonBytes): string {
  if (measure(text) <= bytesMax) return text;
  const points = [...text];
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${points.slice(0, middle).join('')}…`) <= bytesMax) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${points.slice(0, low).join('')}…`;
}
