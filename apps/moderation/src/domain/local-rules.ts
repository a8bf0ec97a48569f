import { createHash } from 'node:crypto';
import { HanAlone } from './han-alone';
import { pinyinOf } from './rules/han';
import { RuleSet } from './rules/rule-set';
import { kind, Skeleton, skeletonsOf } from './skeleton';
import { soundOf, unitsOfSound } from './sound';
import { viewsOf } from './views';
import { WordAutomaton } from './word-automaton';
import { WordFinder } from './word-finder';

/** What the local rules say about a text. Never names the words that matched, because senders see verdicts. */
export type LocalVerdict =
  { readonly is: 'clean' } | { readonly is: 'block' | 'hold'; readonly label: RuleSet['label'] | 'too-long' };

/** A group of a `together` rule that a word belongs to. */
interface Part {
  readonly rule: number;
  readonly group: number;
}
interface Word {
  readonly text: string;
  readonly part: Part | null;
  readonly rank: number;
}
/** A word that was found, and where in the skeleton. */
interface Hit {
  readonly text: string;
  readonly rank: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The version of how texts are read, part of every rule version. Raise it whenever views, skeletons or sounds change.
 */
const reading = 2;
/** UTF-16 units. Intake accepts no longer push; a longer text is held unread rather than read in part. */
const unitsMax = 20_000;
/** Shorter words are too frequent in harmless texts to block for: they only hold. */
const tellingHanMin = 4;
const tellingLettersMin = 6;
/** The number of Chinese characters from which a word is also found by its pinyin. */
const pinyinCharactersMin = 4;
/** How many letters between two Chinese characters of a word a reader skips, as in 代a开b发c票. */
const fillersMax = 3;
const filledHanMin = 3;
/** A word of warning counts up to this many units away. */
const warningUnits = 40;
/** A text with more matches is not a warning. */
const hitsMax = 1_000;
const matchesMax = 20;
const clean: LocalVerdict = { is: 'clean' };

/**
 * Rule sets prepared for judging texts. Judging is pure and takes time linear in the text however many rules there are.
 * It sees a text as its reader does: invisible characters, look-alikes, spacing, encodings and spelled-out forms change
 * nothing.
 */
export class LocalRules {
  /** Identifies exactly these rules: any change to them changes the version. */
  readonly version: string;
  private readonly words: Word[] = [];
  private readonly spelled: Word[] = [];
  private readonly finder: WordFinder;
  private readonly pinyinAutomaton: WordAutomaton;
  private readonly warningFinder: WordFinder;
  private readonly togethers: { readonly groups: number; readonly within: number }[] = [];

  /** `sets`, gravest first: where several match, the first names the label. Near `warnings` a match only holds. */
  constructor(
    private readonly sets: readonly RuleSet[],
    warnings: readonly string[] = [],
  ) {
    this.version = `local-${createHash('sha256')
      .update(JSON.stringify([reading, sets, warnings]))
      .digest('hex')
      .slice(0, 12)}`;
    sets.forEach((rules, set) => {
      const rank = (isTelling: boolean) => (rules.then === 'block' && isTelling ? set : set + sets.length);
      const add = (text: string, part: Part | null, isTelling: boolean) =>
        this.words.push({ text, part, rank: rank(isTelling) });
      const addPinyin = (text: string) => this.spelled.push({ text, part: null, rank: rank(isTellingWord(text)) });
      for (const word of rules.words) {
        add(word, null, isTellingWord(word));
        if (hasTellingPinyin(word)) addPinyin(word);
      }
      for (const word of rules.pinyin ?? []) addPinyin(word);
      for (const domain of rules.domains ?? []) {
        for (const dot of ['.', '点', 'dot']) add(domain.replaceAll('.', dot), null, true);
      }
      for (const { groups, within } of rules.together ?? []) {
        const rule = this.togethers.push({ groups: groups.length, within }) - 1;
        groups.forEach((words, group) => words.forEach((word) => add(word, { rule, group }, true)));
      }
    });
    this.finder = new WordFinder(this.words.map(({ text }) => text));
    this.pinyinAutomaton = new WordAutomaton(this.spelled.map(({ text }) => [...unitsOfSound(text)]));
    this.warningFinder = new WordFinder(warnings);
  }

  /** The verdict on a text in all the views that a reader may have of it. */
  judge(text: string): LocalVerdict {
    if (text.length > unitsMax) return { is: 'hold', label: 'too-long' };
    const { sets } = this;
    const worst = this.hitsIn(text).reduce((least, { rank }) => Math.min(least, rank), Infinity);
    if (worst === Infinity) return clean;
    return { is: worst < sets.length ? 'block' : 'hold', label: sets[worst % sets.length]!.label };
  }

  /** The words of the rules that a text holds, for the operator who decides; at most 20. */
  matches(text: string): string[] {
    if (text.length > unitsMax) return [];
    return [...new Set(this.hitsIn(text).map(({ text: word }) => word))].slice(0, matchesMax);
  }

  /**
   * The parts of a text in which those words stand, as they are written there; at most 20. Words that only another view
   * of the text shows, such as a decoded one, have none. With `around` so many UTF-16 units on each side are shown too.
   */
  excerpts(text: string, around = 0): string[] {
    if (text.length > unitsMax) return [];
    const { plain, leet } = skeletonsOf(text, true);
    const parts = (leet ? [plain, leet] : [plain]).flatMap((skeleton) =>
      this.hitsOf(skeleton, skeleton === plain).map(({ start, end }) => {
        const [from, last] = [skeleton.sources![start]!, skeleton.sources![end - 1]!];
        const until = last + String.fromCodePoint(text.codePointAt(last)!).length;
        return text.slice(Math.max(0, from - around), until + around).toWellFormed();
      }),
    );
    return [...new Set(parts)].slice(0, matchesMax);
  }

  /** Matches by rank: blocking sets in their order, then those that only hold. */
  private hitsIn(text: string): Hit[] {
    return viewsOf(text).flatMap((view) => {
      const { plain, leet } = skeletonsOf(view);
      return (leet ? [plain, leet] : [plain]).flatMap((skeleton) =>
        this.milder(skeleton, this.hitsOf(skeleton, skeleton === plain)),
      );
    });
  }

  /** Fillers are looked for in the plain skeleton alone: one is skipped, letter or not. */
  private hitsOf(skeleton: Skeleton, isPlain: boolean): Hit[] {
    const filled = isPlain ? this.filledIn(skeleton) : [];
    return [...this.wordsIn(skeleton), ...filled, ...this.pinyinIn(skeleton)];
  }

  private wordsIn(skeleton: Skeleton): Hit[] {
    const hits: Hit[] = [];
    const last = this.togethers.map(({ groups }) => new Array<number>(groups).fill(-Infinity));
    this.finder.find(skeleton, (index, start, end) => {
      const { text, rank, part } = this.words[index]!;
      if (part !== null) {
        const seen = last[part.rule]!;
        seen[part.group] = end;
        if (end - Math.min(...seen) > this.togethers[part.rule]!.within) return;
      }
      if (hits.length < hitsMax) hits.push({ text, rank, start, end });
    });
    return hits;
  }

  /** Chinese words with a few letters or digits between their characters. */
  private filledIn(skeleton: Skeleton): Hit[] {
    const hits: Hit[] = [];
    const han = HanAlone.of(skeleton);
    if (han === null) return hits;
    this.finder.findInHan(han.units, han.length, (index, first, last) => {
      const { text, rank, part } = this.words[index]!;
      if (part !== null || last - first < filledHanMin || !han.isFilled(first, last, fillersMax)) return;
      if (hits.length < hitsMax) hits.push({ text, rank, start: han.from[first]!, end: han.from[last - 1]! + 1 });
    });
    return hits;
  }

  /** Words spelled in pinyin, wholly or in part. The finder already matches the Chinese words themselves. */
  private pinyinIn(skeleton: Skeleton): Hit[] {
    const hits: Hit[] = [];
    const { units, length, lastSpelled, from } = soundOf(skeleton);
    if (length === 0 || lastSpelled[length - 1] === -1) return hits;
    this.pinyinAutomaton.search(units, length, (index, start, end) => {
      // Chinese characters that merely sound alike prove nothing: 请带开发票 sounds like 代开发票.
      if (lastSpelled[end - 1]! < start || hits.length >= hitsMax) return;
      const { text, rank } = this.spelled[index]!;
      hits.push({ text, rank, start: from[start]!, end: from[end - 1]! + 1 });
    });
    return hits;
  }

  /** A text that warns of a thing does not offer it: near a word of warning a blocking match only holds. */
  private milder(skeleton: Skeleton, hits: Hit[]): Hit[] {
    const { length: blocking } = this.sets;
    if (hits.length >= hitsMax || !hits.some(({ rank }) => rank < blocking)) return hits;
    const starts: number[] = [];
    const ends: number[] = [];
    this.warningFinder.find(skeleton, (_, start, end) => {
      starts.push(start);
      ends.push(end);
    });
    if (starts.length === 0) return hits;
    // For every unit, how far back the last warning ended and how far ahead the next one begins. One pass each way.
    const back = new Int32Array(skeleton.length + 1).fill(-warningUnits - 1);
    for (const end of ends) back[end] = end;
    for (let index = 1; index < back.length; index += 1) back[index] = Math.max(back[index]!, back[index - 1]!);
    const ahead = new Int32Array(skeleton.length + 1).fill(skeleton.length + warningUnits + 1);
    for (const start of starts) ahead[start] = start;
    for (let index = ahead.length - 2; index >= 0; index -= 1)
      ahead[index] = Math.min(ahead[index]!, ahead[index + 1]!);
    return hits.map((hit) => {
      const isNear = hit.start - back[hit.start]! <= warningUnits || ahead[hit.end]! - hit.end <= warningUnits;
      return isNear && hit.rank < blocking ? { ...hit, rank: hit.rank + blocking } : hit;
    });
  }
}

const hanPattern = /^\p{Script=Han}+$/u;
const hasTellingPinyin = (word: string): boolean =>
  word.length >= pinyinCharactersMin &&
  hanPattern.test(word) &&
  [...word].every((character) => pinyinOf.has(character));

function isTellingWord(word: string): boolean {
  const { plain } = skeletonsOf(word);
  const kinds = Array.from({ length: plain.length }, (_, index) => plain.kindAt(index));
  return kinds.length >= (kinds.includes(kind.han) ? tellingHanMin : tellingLettersMin);
}
