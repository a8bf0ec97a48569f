import { latinLookalikes, leetLetters } from './confusables';
import { simplifiedOf } from './rules/han';

// Letters that Unicode does not decompose: 🅐, 🅰 and the regional indicators that make flags.
const letterBlocks = [0x1f150, 0x1f170, 0x1f1e6] as const;
const lettersInBlock = 26;
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Mn}\p{Me}]/u;
const readable = /[\p{L}\p{N}]/u;
const codePointsMax = 0x110000;

// One entry per code point, computed on first use. Bounded by the number of code points in Unicode.
const known: (string | undefined)[] = Array.from({ length: 0x10000 });
const rare = new Map<number, string>();
const rareMax = 20_000;

/**
 * What a reader takes a code point for: lower-case Latin, digits, simplified Chinese, other letters unchanged; a space
 * for separators, nothing for invisible characters. `i` and `l` become one letter. Signs that stand for letters stay.
 *
 * Each code point is folded alone: decomposing needs no context, and marks, which do, are dropped. So every
 * normalisation form of a text gives the same result, in linear time, and no pile of combining marks is ever
 * normalised.
 */
export function foldCharacter(codePoint: number): string {
  if (codePoint < known.length) return (known[codePoint] ??= fold(codePoint));
  const remembered = rare.get(codePoint);
  if (remembered !== undefined) return remembered;
  const folded = fold(codePoint % codePointsMax);
  if (rare.size < rareMax) rare.set(codePoint, folded);
  return folded;
}

function fold(codePoint: number): string {
  for (const first of letterBlocks) {
    if (codePoint >= first && codePoint < first + lettersInBlock)
      return asRead(String.fromCharCode(97 + codePoint - first));
  }
  const character = String.fromCodePoint(codePoint);
  if (invisible.test(character)) return '';
  return [...character.normalize('NFKD')].map(asRead).join('');
}

function asRead(character: string): string {
  if (invisible.test(character)) return '';
  const latin = latinLookalikes.get(character);
  if (latin !== undefined) return oneStroke(latin);
  if (leetLetters.has(character)) return character;
  if (!readable.test(character)) return ' ';
  const lower = [...character.toLowerCase().normalize('NFKD')].filter((part) => !invisible.test(part)).join('');
  return oneStroke(latinLookalikes.get(lower) ?? simplifiedOf.get(lower) ?? lower);
}

const oneStroke = (letter: string): string => (letter === 'i' ? 'l' : letter);
