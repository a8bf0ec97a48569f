const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A text's grapheme clusters: an emoji of several people, a flag or a letter with its accents is one. */
export const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/**
 * The text if it fits, else the longest beginning that fits with `mark` behind it, cut between grapheme clusters; empty
 * when not even one fits. `fits` must hold for every beginning of a text for which it holds. A first cluster that is
 * too long by itself (a letter under a heap of accents) is cut between code points.
 */
export function cutText(text: string, fits: (text: string) => boolean, mark = '…'): string {
  if (fits(text)) return text;
  return longest(graphemes(text), fits, mark) ?? longest([...text], fits, mark) ?? '';
}

/** `text` cut to at most `max` code points. */
export const cutToLength = (text: string, max: number, mark = '…'): string =>
  cutText(text, (candidate) => candidate.length <= max || [...candidate].length <= max, mark);

function longest(parts: readonly string[], fits: (text: string) => boolean, mark: string): string | undefined {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(parts.slice(0, middle).join('') + mark)) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? undefined : parts.slice(0, low).join('') + mark;
}
