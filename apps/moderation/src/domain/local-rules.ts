import { createHash } from 'node:crypto';
import { HanAlone } from './han-alone';
import { pinyinOf } from './rules/han';
import { RuleSet } from './rules/rule-set';
import { kind, Skeleton, skeletonsOf } from './skeleton';
import { soundOf, unitsOfSound } from './sound';
import { viewsOf } from './views';
import { WordAutomaton } from './word-automaton';
import { WordFinder } from './word-finder';

/** What the local rules say of a text. Never which words did it: verdicts are shown to senders. */
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

/** How texts are read: another number wherever views, skeletons or sounds change. A part of every version. */
const reading = 2;
/** No push that intake accepts is longer; what is, is held unread rather than read in part. UTF-16 units. */
const unitsMax = 20_000;
/** Shorter words stand in harmless texts too often to block by: a person looks. */
const tellingHanMin = 4;
const tellingLettersMin = 6;
/** From so many Chinese characters on, a word's pinyin is telling. */
const pinyinCharactersMin = 4;
/** Letters between one Chinese character and the next of a word that a reader skips: 代a开b发c票. */
const fillersMax = 3;
const filledHanMin = 3;
/** So near is a word of warning about what it stands by. */
const warningUnits = 40;
/** What has more is no warning. */
const hitsMax = 1_000;
const matchesMax = 20;
const clean: LocalVerdict = { is: 'clean' };

/**
 * Rule sets made ready to judge texts. Judging is pure, takes time linear in the text however many rules there are, and
 * sees a text as its reader does: unseen characters, look-alikes, spacing, encodings and spelled-out forms change nothing.
 */
export class LocalRules {
  /** Names exactly these rules: other rules, other version. */
  readonly version: string;
  private readonly words: Word[] = [];
  private readonly spelled: Word[] = [];
  private readonly finder: WordFinder;
  private readonly pinyinAutomaton: WordAutomaton;
  private readonly warningFinder: WordFinder;
  private readonly togethers: { readonly groups: number; readonly within: number }[] = [];

  /** `sets` gravest first: where several find something, the first one names the label. Near `warnings` they only hold. */
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

  /** The verdict on a text, in all the views that a reader may have of it. */
  judge(text: string): LocalVerdict {
    if (text.length > unitsMax) return { is: 'hold', label: 'too-long' };
    const { sets } = this;
    const worst = this.hitsIn(text).reduce((least, { rank }) => Math.min(least, rank), Infinity);
    if (worst === Infinity) return clean;
    return { is: worst < sets.length ? 'block' : 'hold', label: sets[worst % sets.length]!.label };
  }

  /** The rules' words that a text holds, for whoever is to decide about it; at most 20. */
  matches(text: string): string[] {
    if (text.length > unitsMax) return [];
    return [...new Set(this.hitsIn(text).map(({ text: word }) => word))].slice(0, matchesMax);
  }

  /** What is found, ranked: blocking sets by their place, then what only holds. */
  private hitsIn(text: string): Hit[] {
    return viewsOf(text).flatMap((view) => {
      const { plain, leet } = skeletonsOf(view);
      return (leet ? [plain, leet] : [plain]).flatMap((skeleton) => {
        const filled = skeleton === plain ? this.filledIn(plain) : []; // read as letters or not, fillers are skipped
        const hits = [...this.wordsIn(skeleton), ...filled, ...this.pinyinIn(skeleton)];
        return this.milder(skeleton, hits);
      });
    });
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

  /** Words spelled in pinyin, wholly or in part; the Chinese words themselves are found as they are. */
  private pinyinIn(skeleton: Skeleton): Hit[] {
    const hits: Hit[] = [];
    const { units, length, lastSpelled, from } = soundOf(skeleton);
    if (length === 0 || lastSpelled[length - 1] === -1) return hits;
    this.pinyinAutomaton.search(units, length, (index, start, end) => {
      // Characters alone that sound alike are no evidence: 请带开发票 sounds like 代开发票.
      if (lastSpelled[end - 1]! < start || hits.length >= hitsMax) return;
      const { text, rank } = this.spelled[index]!;
      hits.push({ text, rank, start: from[start]!, end: from[end - 1]! + 1 });
    });
    return hits;
  }

  /** A text that warns of a thing is not the thing: what blocks only holds near a word of warning. */
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
    // How many units back the last warning ended, and ahead the next begins, for every unit, in one pass each.
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
