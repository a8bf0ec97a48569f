/**
 * A header's text as its sender wrote it. Node reads headers as Latin-1, while scripts send UTF-8 as it is; careful ones
 * send encoded words (RFC 2047), which ntfy's documentation recommends.
 */
export function decodedHeader(value: string): string {
  const text = utf8(Buffer.from(value, 'latin1')) ?? value;
  // White space between two encoded words is theirs, not the text's (RFC 2047 6.2).
  return text
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi, (word, encoding: string, coded: string) => {
      const bytes =
        encoding.toLowerCase() === 'b'
          ? Buffer.from(coded, 'base64')
          : Buffer.from(
              coded
                .replaceAll('_', ' ')
                .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
              'latin1',
            );
      return utf8(bytes) ?? word;
    });
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
