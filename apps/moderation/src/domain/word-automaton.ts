/** A match: the word's index and the units it covers, `end` exclusive. */
export type Found = (word: number, start: number, end: number) => void;

const nodesMax = 0xffff;
const root = 0;

/**
 * Finds every occurrence of many words in one pass, with one table look-up per unit (Aho-Corasick, as a full
 * automaton). Time depends neither on the number of words nor on the content of the text.
 */
export class WordAutomaton {
  private readonly letters = new Uint16Array(0x10000);
  private readonly width: number;
  private readonly next: Uint16Array;
  /** The words that end at a node, longest first. */
  private readonly ends: (readonly number[] | undefined)[];
  private readonly lengths: readonly number[];

  /** `words` in the units that texts will be searched in; an empty word never matches. */
  constructor(words: readonly (readonly number[])[]) {
    let width = 1; // 0 stands for every unit that no word has
    for (const unit of words.flat()) this.letters[unit] ||= width++;
    this.width = width;
    this.lengths = words.map((word) => word.length);
    const nodes = [new Map<number, number>()];
    const ends: number[][] = [[]];
    words.forEach((word, index) => {
      let node = root;
      for (const unit of word) {
        const letter = this.letters[unit]!;
        let child = nodes[node]!.get(letter);
        if (child === undefined) {
          child = nodes.push(new Map<number, number>()) - 1;
          ends.push([]);
          nodes[node]!.set(letter, child);
        }
        node = child;
      }
      if (word.length > 0) ends[node]!.push(index);
    });
    if (nodes.length > nodesMax) throw new RangeError('too many words for one automaton');
    this.next = new Uint16Array(nodes.length * width);
    this.complete(nodes, ends);
    this.ends = ends.map((found) => (found.length > 0 ? found : undefined));
  }

  /** Reports every match in the first `length` units, ordered by `end`. */
  search(units: Uint16Array, length: number, found: Found): void {
    const { letters, next, width, ends } = this;
    let node = root;
    for (let index = 0; index < length; index += 1) {
      node = next[node * width + letters[units[index]!]!]!;
      const here = ends[node];
      if (here === undefined) continue;
      for (const word of here) found(word, index + 1 - this.lengths[word]!, index + 1);
    }
  }

  /** Fills the table breadth first, so that the node to fall back to is always complete already. */
  private complete(nodes: readonly ReadonlyMap<number, number>[], ends: number[][]): void {
    const { next, width } = this;
    const fallback = new Uint16Array(nodes.length);
    const queue = [root];
    for (let at = 0; at < queue.length; at += 1) {
      const node = queue[at]!;
      const back = fallback[node]!;
      if (node !== root) {
        next.copyWithin(node * width, back * width, (back + 1) * width);
        ends[node]!.push(...ends[back]!);
      }
      for (const [letter, child] of nodes[node]!) {
        if (node !== root) fallback[child] = next[back * width + letter]!;
        next[node * width + letter] = child;
        queue.push(child);
      }
    }
  }
}
