import { leetLetters } from './confusables';
import { foldCharacter } from './fold-character';
import { joinedFrom } from './rules/han';

/** The kinds of units. Words of Latin letters end where the kind changes. */
export const kind = { latin: 0, digit: 1, han: 2, other: 3 } as const;
const kindMask = 3;
const separated = 4;

/**
 * A text as its reader takes it, without separators: folded UTF-16 units, and for each its kind and whether a separator
 * stood before it.
 */
export class Skeleton {
  length = 0;
  units: Uint16Array;
  private marks: Uint8Array;
  private gap = true;
  /** For each unit where in the text its character begins, if that was asked for; joined units begin with the first. */
  readonly sources?: number[];

  constructor(capacity: number, withSources = false) {
    this.units = new Uint16Array(capacity);
    this.marks = new Uint8Array(capacity);
    if (withSources) this.sources = [];
  }

  kindAt(index: number): number {
    return this.marks[index]! & kindMask;
  }

  /** Whether a word of Latin letters or digits may begin or end before this unit. */
  isBoundary(index: number): boolean {
    if (index === 0 || index >= this.length) return true;
    return (this.marks[index]! & separated) !== 0 || this.kindAt(index - 1) !== this.kindAt(index);
  }

  separate(): void {
    this.gap = true;
  }

  push(unit: number, of: number, source: number): void {
    if (this.length === this.units.length) this.grow();
    if (this.sources) this.sources[this.length] = source;
    this.units[this.length] = unit;
    this.marks[this.length] = of | (this.gap ? separated : 0);
    this.gap = false;
    this.length += 1;
    if (of === kind.han) this.join();
  }

  /** Joins characters that are written as two halves (木仓 for 枪), so that the rules match them. */
  private join(): void {
    if (this.length < 2) return;
    const whole = joinedFrom.get(this.units[this.length - 2]! * 0x10000 + this.units[this.length - 1]!);
    if (whole === undefined) return;
    this.length -= 1;
    this.units[this.length - 1] = whole;
  }

  private grow(): void {
    const units = new Uint16Array(this.units.length * 2 + 64);
    units.set(this.units);
    this.units = units;
    const marks = new Uint8Array(units.length);
    marks.set(this.marks);
    this.marks = marks;
  }
}

/** The skeletons of a text: as written and, where it has any, with digits and signs read as letters. */
export interface Skeletons {
  readonly plain: Skeleton;
  readonly leet: Skeleton | null;
}

/** Both skeletons of a text, in time linear in its length; `withSources`: they know where in the text each unit is. */
export function skeletonsOf(text: string, withSources = false): Skeletons {
  const plain = new Skeleton(text.length + 16, withSources);
  const hasLeet = fill(plain, text, false);
  if (!hasLeet) return { plain, leet: null };
  const leet = new Skeleton(text.length + 16, withSources);
  fill(leet, text, true);
  return { plain, leet };
}

/** True when there are digits or signs among the text's letters. */
function fill(skeleton: Skeleton, text: string, leet: boolean): boolean {
  let hasLeet = false;
  for (let index = 0; index < text.length; index += 1) {
    const codePoint = text.codePointAt(index)!;
    const source = index;
    if (codePoint > 0xffff) index += 1;
    const folded = foldCharacter(codePoint);
    for (let part = 0; part < folded.length; part += 1) {
      const unit = folded.charCodeAt(part);
      const of = kindOf(unit);
      const asLetter = of === undefined || of === kind.digit ? leetUnits.get(unit) : undefined;
      hasLeet ||= asLetter !== undefined;
      if (leet && asLetter !== undefined) skeleton.push(asLetter, kind.digit, source);
      else if (of === undefined) skeleton.separate();
      else skeleton.push(unit, of, source);
    }
  }
  return hasLeet;
}

const leetUnits: ReadonlyMap<number, number> = new Map(
  [...leetLetters].map(([sign, letter]) => [sign.charCodeAt(0), letter.charCodeAt(0)]),
);

/** The kind of a unit; undefined for a separator. */
function kindOf(unit: number): number | undefined {
  if (unit >= 0x61 && unit <= 0x7a) return kind.latin;
  if (unit >= 0x30 && unit <= 0x39) return kind.digit;
  if (unit < 0x80 || unit === 0x20ac) return undefined;
  return (unit >= 0x2e80 && unit <= 0x9fff) || (unit >= 0xf900 && unit <= 0xfaff) ? kind.han : kind.other;
}
