import { cutToLength, HarkError } from '@hark/kernel';
import { readJson } from '@hark/nats';
import { jsonFaultOf } from './json-fault';

/** The most names in a document, in all its objects together. */
export const jsonNamesMax = 1_000;

/** What differs between documents. */
export interface JsonRules {
  readonly namesMax: number;
  /** Leaves strings with a NUL or half a surrogate pair to the checks of the fields they are in. Names never have any. */
  readonly leaveBrokenStrings?: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/**
 * Reads a JSON document that means the same to every reader: UTF-8, at most 32 levels, at most `namesMax` names, no
 * name twice in one object, none called `__proto__`, and no string with a NUL or half a surrogate pair unless they are
 * left. One byte order mark is skipped. Throws `request.not-json` with the place and the reason, `request.too-deep` or `request.invalid`, and
 * nothing else.
 */
export function readStrictJson(sent: Uint8Array, rules: JsonRules = { namesMax: jsonNamesMax }): unknown {
  const bytes = beginsWithMark(sent) ? sent.subarray(byteOrderMark.length) : sent;
  const document = parsed(bytes);
  checkStrings(bytes, document, rules);
  return document;
}

const beginsWithMark = (bytes: Uint8Array): boolean => byteOrderMark.every((byte, at) => bytes[at] === byte);

function parsed(bytes: Uint8Array): unknown {
  try {
    // TextDecoder would silently skip a second one.
    if (beginsWithMark(bytes)) throw new HarkError('invalid', 'request.not-json', 'two byte order marks');
    return readJson(bytes);
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'request.not-json') throw error;
    const { message, ...place } = jsonFaultOf(bytes);
    throw new HarkError('invalid', 'request.not-json', error.message, {
      extra: place,
      errors: [{ path: '$', message }],
    });
  }
}

/** Walks over valid JSON, looking at its strings only. */
function checkStrings(bytes: Uint8Array, document: unknown, { namesMax, leaveBrokenStrings = false }: JsonRules): void {
  const open: Set<string>[] = [];
  let names = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x7b || byte === 0x5b) open.push(new Set());
    else if (byte === 0x7d || byte === 0x5d) open.pop();
    if (byte !== quote) continue;
    const { end, escaped } = stringFrom(bytes, at);
    const isName = bytes[skipSpace(bytes, end + 1)] === colon;
    // The raw bytes are valid UTF-8 without control characters by now, so only an escape can hide something.
    const text = isName || (escaped && !leaveBrokenStrings) ? textOf(bytes, at, end) : undefined;
    if (text !== undefined && !isWhole(text)) {
      throw invalid(pathOfBroken(document, leaveBrokenStrings) || '$', 'must not hold NUL or half of a surrogate pair');
    }
    if (isName && ++names > namesMax) {
      throw new HarkError('invalid', 'request.too-deep', `the body names more than ${namesMax} fields`);
    }
    if (isName) addName(open.at(-1)!, text!);
    at = end;
  }
}

/** The place of the first broken name, or string unless those are left; a name is shown with its broken parts replaced. */
function pathOfBroken(value: unknown, namesOnly: boolean): string | undefined {
  if (typeof value === 'string') return namesOnly || isWhole(value) ? undefined : '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const shown = name.toWellFormed().replaceAll('\0', '\ufffd').slice(0, shownCharsMax);
    if (!isWhole(name)) return shown;
    const below = pathOfBroken(member, namesOnly);
    if (below !== undefined) return below === '' ? shown : `${shown}.${below}`;
  }
  return undefined;
}

const isWhole = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

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
