import { cutText } from '@hark/kernel';

/**
 * How the value of one kind of keyword is made to fit: what is dropped, the longest length, what replaces an empty
 * value.
 */
interface Rule {
  readonly drop?: RegExp;
  readonly unitsMax: number;
  readonly ellipsis: boolean;
  readonly empty: string;
}

// WeChat docs: sendMessage (subscribe messages), the table of keyword value limits. A Map, because the kind comes from
// a template's keyword, and `constructor1` must find nothing.
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    thing: { unitsMax: 20, ellipsis: true, empty: '无' },
    number: { drop: /[^0-9.-]/g, unitsMax: 32, ellipsis: false, empty: '0' },
    letter: { drop: /[^a-z]/gi, unitsMax: 32, ellipsis: false, empty: 'none' },
    symbol: { drop: /[\p{L}\p{N}\s]/gu, unitsMax: 5, ellipsis: false, empty: '-' },
    character_string: { drop: /[^\x20-\x7e]/g, unitsMax: 32, ellipsis: false, empty: '-' },
    time: { unitsMax: 64, ellipsis: false, empty: '00:00' },
    date: { unitsMax: 64, ellipsis: false, empty: '1970-01-01' },
    amount: { drop: /[^0-9.,元¥$€£￥-]/g, unitsMax: 16, ellipsis: false, empty: '0' },
    phone_number: { drop: /[^0-9+*#() -]/g, unitsMax: 17, ellipsis: false, empty: '0' },
    car_number: { unitsMax: 8, ellipsis: false, empty: '-' },
    phrase: { drop: /[^\p{Script=Han}]/gu, unitsMax: 5, ellipsis: false, empty: '无' },
    enum: { unitsMax: 64, ellipsis: false, empty: '-' },
  }),
);
const nameOfAscii: Rule = { drop: /[0-9]/g, unitsMax: 20, ellipsis: false, empty: '无' };
const nameOfAny: Rule = { drop: /[0-9]/g, unitsMax: 10, ellipsis: false, empty: '无' };
const keywordPattern = /^([a-z_]+?)_?\d+$/;

/**
 * A value that WeChat's validator accepts for a template keyword such as `thing1`; null for an unknown kind. Counts
 * UTF-16 units, which is never less than WeChat's count of characters; cuts between grapheme clusters.
 */
export function fitKeyword(keyword: string, value: string): string | null {
  const kind = keywordPattern.exec(keyword)?.[1] ?? '';
  const line = value
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const rule = kind === 'name' ? (/^[\x20-\x7e]*$/.test(line) ? nameOfAscii : nameOfAny) : rules.get(kind);
  if (rule === undefined) return null;
  const kept = rule.drop === undefined ? line : line.replace(rule.drop, '').trim();
  return kept === '' ? rule.empty : cut(kept, rule);
}

const cut = (text: string, { unitsMax, ellipsis }: Rule): string =>
  cutText(text, (candidate) => candidate.length <= unitsMax, ellipsis ? '…' : '');
