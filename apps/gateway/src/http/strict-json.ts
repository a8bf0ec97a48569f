import { cutToLength, HarkError } from '@hark/kernel';
import { readJson } from '@hark/nats';

/** How many names a document may hold, all its objects together. */
export const jsonNamesMax = 1_000;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const byteOrderMark = 0xef;

/**
 * Reads a JSON document that means the same to every reader: UTF-8 without a byte order mark, at most 32 levels, at most
 * 1 000 names, none twice in one object, none called `__proto__`, no NUL and no half of a surrogate pair in any string.
 * Throws `request.not-json`, `request.too-deep` or `request.invalid`, and nothing else.
 */
export function readStrictJson(bytes: Uint8Array): unknown {
  if (bytes[0] === byteOrderMark)
    throw new HarkError('invalid', 'request.not-json', 'the body begins with a byte order mark');
  const document = readJson(bytes);
  checkStrings(bytes);
  return document;
}

/** Walks over what is known to be JSON, looking at its strings only. */
function checkStrings(bytes: Uint8Array): void {
  const open: Set<string>[] = [];
  let names = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x7b || byte === 0x5b) open.push(new Set());
    else if (byte === 0x7d || byte === 0x5d) open.pop();
    if (byte !== quote) continue;
    const { end, escaped } = stringFrom(bytes, at);
    const isName = bytes[skipSpace(bytes, end + 1)] === colon;
    // Raw bytes are valid UTF-8 without control characters by now: only an escape can hide something.
    const text = isName || escaped ? textOf(bytes, at, end) : undefined;
    if (text !== undefined && (!text.isWellFormed() || text.includes('\0'))) {
      throw invalid('$', 'must not hold NUL or half of a surrogate pair');
    }
    if (isName && ++names > jsonNamesMax) {
      throw new HarkError('invalid', 'request.too-deep', `the body names more than ${jsonNamesMax} fields`);
    }
    if (isName) addName(open.at(-1)!, text!);
    at = end;
  }
}

const shownCharsMax = 64;

function addName(names: Set<string>, name: string): void {
  if (name === '__proto__') throw invalid(name, 'unknown field');
  if (names.has(name)) throw invalid(cutToLength(name, shownCharsMax), 'is named twice');
  names.add(name);
}

function stringFrom(bytes: Uint8Array, start: number): { end: number; escaped: boolean } {
  let at = start + 1;
  let escaped = false;
  while (bytes[at] !== quote) {
    escaped ||= bytes[at] === backslash;
    at += bytes[at] === backslash ? 2 : 1;
  }
  return { end: at, escaped };
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

const utf8 = new TextDecoder();
const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  JSON.parse(utf8.decode(bytes.subarray(start, end + 1))) as string;

const invalid = (path: string, message: string) =>
  new HarkError('invalid', 'request.invalid', 'the body is ambiguous', { errors: [{ path, message }] });
