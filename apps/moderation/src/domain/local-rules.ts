import { createHash } from 'node:crypto';
import { pinyinOf } from './rules/han';
import { RuleSet } from './rules/rule-set';
import { kind, Skeleton, skeletonsOf } from './skeleton';
import { WordAutomaton } from './word-automaton';

/** What the local rules say of a text. Never which words did it: verdicts are shown to senders. */
export type LocalVerdict =
  { readonly is: 'clean' } | { readonly is: 'block' | 'hold'; readonly label: RuleSet['label'] | 'too-long' };

/** A group of a `together` rule that a word belongs to. */
interface Part {
  readonly rule: number;
  readonly group: number;
}
interface Word {
  readonly set: number;
  readonly part: Part | null;
  /** Whether its first and last unit may not lie inside a longer word of letters or digits. */
  readonly startsWord: boolean;
  readonly endsWord: boolean;
}

/** No push that intake accepts is longer; what is, is held unread rather than read in part. UTF-16 units. */
const unitsMax = 20_000;
/** From so many Chinese characters on, a word's pinyin is telling. */
const pinyinCharactersMin = 4;
const directionOverride = /\u202e([^\u202c\n]*)/gu;
const clean: LocalVerdict = { is: 'clean' };

/**
 * Rule sets made ready to judge texts. Judging is pure, takes time linear in the text however many rules there are, and
 * sees a text as its reader does: unseen characters, look-alikes, spacing and spelled-out forms change nothing.
 */
export class LocalRules {
  /** Names exactly these rules: other rules, other version. */
  readonly version: string;
  private readonly words: Word[] = [];
  private readonly spelled: number[] = [];
  private readonly automaton: WordAutomaton;
  private readonly pinyinAutomaton: WordAutomaton;
  private readonly togethers: { readonly set: number; readonly groups: number; readonly within: number }[] = [];

  /** `sets` gravest first: where several find something, the first one names the label. */
  constructor(private readonly sets: readonly RuleSet[]) {
    this.version = `local-${createHash('sha256').update(JSON.stringify(sets)).digest('hex').slice(0, 12)}`;
    const units: number[][] = [];
    const pinyin: number[][] = [];
    const add = (text: string, set: number, part: Part | null): void => {
      const { plain } = skeletonsOf(text);
      if (plain.length === 0) throw new RangeError('a rule without a letter matches everything');
      const isHan = (index: number) => plain.kindAt(index) === kind.han;
      this.words.push({ set, part, startsWord: !isHan(0), endsWord: !isHan(plain.length - 1) });
      units.push([...plain.units.subarray(0, plain.length)]);
    };
    const addPinyin = (text: string, set: number): void => {
      pinyin.push([...pinyinUnits(text)]);
      this.spelled.push(set);
    };
    sets.forEach((rules, set) => {
      for (const word of [...rules.words, ...(rules.domains ?? [])]) {
        add(word, set, null);
        if (hasTellingPinyin(word)) addPinyin(word, set);
      }
      for (const word of rules.pinyin ?? []) addPinyin(word, set);
      for (const { groups, within } of rules.together ?? []) {
        const rule = this.togethers.push({ set, groups: groups.length, within }) - 1;
        groups.forEach((words, group) => words.forEach((word) => add(word, set, { rule, group })));
      }
    });
    this.automaton = new WordAutomaton(units);
    this.pinyinAutomaton = new WordAutomaton(pinyin);
  }

  /** The verdict on a text. Text after an override of the writing direction is also read as it is shown. */
  judge(text: string): LocalVerdict {
    if (text.length > unitsMax) return { is: 'hold', label: 'too-long' };
    let worst = this.worstIn(text);
    if (worst !== 0 && directionOverride.test(text)) {
      const shown = text.replace(directionOverride, (_, run: string) => [...run].reverse().join(''));
      worst = Math.min(worst, this.worstIn(shown));
    }
    const found = this.sets[worst];
    return found ? { is: found.then, label: found.label } : clean;
  }

  /** The index of the gravest rule set that finds something; the number of sets when none does. */
  private worstIn(text: string): number {
    const { plain, leet } = skeletonsOf(text);
    let worst = this.wordsIn(plain, this.sets.length);
    worst = this.pinyinIn(plain, worst);
    return leet ? this.pinyinIn(leet, this.wordsIn(leet, worst)) : worst;
  }

  private wordsIn(skeleton: Skeleton, worstSoFar: number): number {
    let worst = worstSoFar;
    const last = this.togethers.map(({ groups }) => new Array<number>(groups).fill(-Infinity));
    this.automaton.search(skeleton.units, skeleton.length, (index, start, end) => {
      const { set, part, startsWord, endsWord } = this.words[index]!;
      if (set >= worst) return;
      if ((startsWord && !skeleton.isBoundary(start)) || (endsWord && !skeleton.isBoundary(end))) return;
      if (part !== null) {
        const seen = last[part.rule]!;
        seen[part.group] = end;
        if (end - Math.min(...seen) > this.togethers[part.rule]!.within) return;
      }
      worst = set;
    });
    return worst;
  }

  /** Words spelled in pinyin, wholly or in part; the Chinese words themselves are found as they are. */
  private pinyinIn(skeleton: Skeleton, worstSoFar: number): number {
    let worst = worstSoFar;
    const { units, length, lastSpelled } = sounds(skeleton);
    if (lastSpelled[length - 1] === -1) return worst;
    this.pinyinAutomaton.search(units, length, (index, start, end) => {
      // Characters alone that sound alike are no evidence: 请带开发票 sounds like 代开发票.
      if (lastSpelled[end - 1]! >= start) worst = Math.min(worst, this.spelled[index]!);
    });
    return worst;
  }
}

const hanPattern = /^\p{Script=Han}+$/u;
const hasTellingPinyin = (word: string): boolean =>
  word.length >= pinyinCharactersMin &&
  hanPattern.test(word) &&
  [...word].every((character) => pinyinOf.has(character));

const syllableUnits: ReadonlyMap<number, readonly number[]> = new Map(
  [...pinyinOf].map(([character, syllable]) => [character.charCodeAt(0), [...pinyinUnits(syllable)]] as const),
);
const syllableUnitsMax = 6;

function* pinyinUnits(text: string): Generator<number> {
  for (const character of text) {
    const { plain } = skeletonsOf(pinyinOf.get(character) ?? character);
    yield* plain.units.subarray(0, plain.length);
  }
}

const [digitZero, digitNine, letterA, letterZ] = [0x30, 0x39, 0x61, 0x7a];

/** How a skeleton sounds: letters as they are, known characters as their syllables, digits (tones) left out. */
function sounds(skeleton: Skeleton): { units: Uint16Array; length: number; lastSpelled: Int32Array } {
  const units = new Uint16Array(skeleton.length * syllableUnitsMax);
  const lastSpelled = new Int32Array(units.length);
  let length = 0;
  let spelled = -1;
  const push = (unit: number): void => {
    units[length] = unit;
    lastSpelled[length] = spelled;
    length += 1;
  };
  for (let index = 0; index < skeleton.length; index += 1) {
    const unit = skeleton.units[index]!;
    if (unit >= digitZero && unit <= digitNine) continue;
    if (unit >= letterA && unit <= letterZ) {
      spelled = length;
      push(unit);
    } else {
      const syllable = syllableUnits.get(unit);
      if (syllable) for (const letter of syllable) push(letter);
      else push(unit);
    }
  }
  return { units, length, lastSpelled };
}
