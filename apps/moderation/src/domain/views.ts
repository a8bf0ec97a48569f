/**
 * The ways in which a reader may see a text: as it stands; decoded by a mail reader, a browser or another program;
 * without tags; and as displayed where it reverses the writing direction. At most about ten, each no longer than the
 * text, in time linear in it. Views are judged in addition to the text, never instead of it.
 */
export function viewsOf(text: string): string[] {
  const views = [text];
  let read = text;
  for (let rounds = 0; rounds < roundsMax; rounds += 1) {
    const decoded = encodedWords(unicodeEscapes(entities(percentEncoded(read))));
    if (decoded === read) break;
    views.push(decoded);
    read = decoded;
  }
  const bare = read.replace(tag, '');
  if (bare !== read) views.push(bare);
  return views.flatMap((view) => (directionOverride.test(view) ? [view, turnedRound(view)] : [view]));
}

/** How many layers of encoding are decoded. */
const roundsMax = 3;
const tag = /<[a-z/!][^<>]{0,500}>|\[\/?[a-z]{1,12}(?:=[^[\]]{0,200})?\]/gi;
const directionOverride = /\u202e[^\u202c\n]/u;

const turnedRound = (text: string): string =>
  text.replace(/\u202e([^\u202c\n]*)/gu, (_, run: string) => [...run].reverse().join(''));

/**
 * Each run of escapes is decoded alone, so that a broken one spoils no other. Bytes that are not UTF-8 become U+FFFD.
 */
const percentEncoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => utf8.decode(Buffer.from(run.replaceAll('%', ''), 'hex')));

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
};
const entities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|shy));?/gi, (whole, decimal, hex, name) => {
    if (name) return named[String(name).toLowerCase()]!;
    const codePoint = decimal ? Number(decimal) : parseInt(String(hex), 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });

const unicodeEscapes = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** RFC 2047. Neighbours with the same charset are decoded together, because a character may be split over two. */
function encodedWords(text: string): string {
  let decoded = '';
  let end = 0;
  let pending: { readonly charset: string; readonly bytes: Buffer[] } | null = null;
  const flush = (): void => {
    if (pending) decoded += decoderOf(pending.charset).decode(Buffer.concat(pending.bytes));
    pending = null;
  };
  for (const match of text.matchAll(/=\?([^?\s]{1,40})\?([bq])\?([^?\s]*)\?=/gi)) {
    const between = text.slice(end, match.index);
    const charset = match[1]!.toLowerCase().replace(/\*.*$/, '');
    const bytes = /b/i.test(match[2]!) ? Buffer.from(match[3]!, 'base64') : quoted(match[3]!);
    const isNeighbour = pending !== null && pending.charset === charset && between.trim() === '';
    if (pending && isNeighbour) pending.bytes.push(bytes);
    else {
      flush();
      decoded += between;
      pending = { charset, bytes: [bytes] };
    }
    end = match.index + match[0].length;
  }
  flush();
  return decoded + text.slice(end);
}

function quoted(text: string): Buffer {
  const bytes = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

const utf8 = new TextDecoder();
type Decoder = typeof utf8;
const decoders = new Map<string, Decoder>([['utf-8', utf8]]);
/** Charset names come out of texts, which anybody may write, so the cache has a bound. */
const decodersMax = 64;

/** The decoder of a charset; UTF-8 for an unknown one. */
function decoderOf(charset: string): Decoder {
  const known = decoders.get(charset);
  if (known) return known;
  let decoder = utf8;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    return utf8;
  }
  if (decoders.size < decodersMax) decoders.set(charset, decoder);
  return decoder;
}
