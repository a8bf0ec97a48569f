import { kind, Skeleton, skeletonsOf } from './skeleton';
import { WordAutomaton } from './word-automaton';

interface Edges {
  /** Whether the match must not begin or end inside a longer word of letters or digits. */
  readonly starts: boolean;
  readonly ends: boolean;
}

/** Finds words in skeletons. Pure; linear in the skeleton however many words there are. */
export class WordFinder {
  private readonly edges: Edges[];
  private readonly automaton: WordAutomaton;

  /** Throws a RangeError for a word whose skeleton is empty. */
  constructor(words: readonly string[]) {
    const skeletons = words.map((word) => skeletonsOf(word).plain);
    if (skeletons.some(({ length }) => length === 0))
      throw new RangeError('a rule without a letter matches everything');
    this.edges = skeletons.map((plain) => ({
      starts: plain.kindAt(0) !== kind.han,
      ends: plain.kindAt(plain.length - 1) !== kind.han,
    }));
    this.automaton = new WordAutomaton(skeletons.map(({ units, length }) => [...units.subarray(0, length)]));
  }

  /** Reports every match with the word's index among those given, ordered by `end`. */
  find(skeleton: Skeleton, found: (word: number, start: number, end: number) => void): void {
    this.automaton.search(skeleton.units, skeleton.length, (word, start, end) => {
      const { starts, ends } = this.edges[word]!;
      if ((starts && !skeleton.isBoundary(start)) || (ends && !skeleton.isBoundary(end))) return;
      found(word, start, end);
    });
  }

  /** The same for a skeleton's Chinese characters alone, which have no word edges. */
  findInHan(units: Uint16Array, length: number, found: (word: number, start: number, end: number) => void): void {
    this.automaton.search(units, length, found);
  }
}
