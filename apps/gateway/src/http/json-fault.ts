/** Why bytes are not JSON, for the person who wrote them: line and column, counted from 1, and what is wrong there. */
export interface JsonFault {
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

const shownCharsMax = 20;

/**
 * The fault in bytes that `JSON.parse` refuses. Quotes at most one character of them. Recurses as deep as the document
 * nests, so call it only when the nesting was found to be small.
 */
export function jsonFaultOf(bytes: Uint8Array): JsonFault {
  if (looksLikeUtf16(bytes)) return { message: 'is UTF-16; send UTF-8' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { message: 'is not UTF-8' };
  }
  const at = faultAt(text);
  if (at === undefined) return { message: 'is not JSON' };
  const before = text.slice(0, at).split('\n');
  const place = { line: before.length, column: [...before.at(-1)!].length + 1 };
  return { ...place, message: `line ${place.line}, column ${place.column}: ${reasonAt(text, at)}` };
}

function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.length > 1 && (first === 0) !== (second === 0);
}

/**
 * The place of the first character that JSON does not allow there; undefined for valid JSON. V8's message does not
 * always say.
 */
function faultAt(text: string): number | undefined {
  let at = 0;
  const skipSpace = (): void => {
    while (' \n\r\t'.includes(text[at] ?? '?')) at++;
  };
  const taken = (char: string): boolean => {
    skipSpace();
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const token = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    at += match?.length ?? 0;
    return match !== undefined;
  };
  const string = (): boolean => {
    if (!taken('"')) return false;
    token(inText);
    return taken1('"');
  };
  const taken1 = (char: string): boolean => text[at] === char && ++at > 0;
  const list = (end: string, item: () => boolean): boolean => {
    if (taken(end)) return true;
    do if (!item()) return false;
    while (taken(','));
    return taken(end);
  };
  const value = (): boolean => {
    skipSpace();
    if (text[at] === '"') return string();
    if (taken1('{')) return list('}', () => string() && taken(':') && value());
    if (taken1('[')) return list(']', value);
    return token(scalar);
  };
  if (!value()) return at;
  skipSpace();
  return at < text.length ? at : undefined;
}

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y;
const inText = /(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

function reasonAt(text: string, at: number): string {
  const found = text.slice(at, at + shownCharsMax);
  if (found === '') return 'it ends too early';
  const char = [...found][0]!;
  if (/,\s*$/.test(text.slice(Math.max(0, at - shownCharsMax), at)) && (char === '}' || char === ']'))
    return `a comma before ${char}`;
  if (char === "'") return 'text stands in double quotes';
  if (char === '\n' || char === '\r' || char === '\t') return 'a line end or tab inside text is written \\n or \\t';
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(char) ? `unexpected ${char}` : 'an unexpected character';
}
