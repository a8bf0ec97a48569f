import { lexer, type Token, type Tokens } from 'marked';
import { isPictureAddress } from './picture-address';

export type { MarkedToken, Token, Tokens } from 'marked';

/** How deep quotes, lists and emphasis may lie in each other; what is deeper is shown as it was written. */
const depthMax = 12;
/** Of so many parts a message may consist. */
const partsMax = 5_000;
/** So many cells the lexer may make: three thousand columns and as many rows fit into a message, and not into a phone. */
const cellsMax = 50_000;

/** Where a token has others in it. */
type Inside = Partial<
  Pick<Tokens.Blockquote, 'tokens'> & Pick<Tokens.List, 'items'> & Pick<Tokens.Table, 'header' | 'rows'>
>;

/** A text's format, as it is handed to the page. */
export interface Formatted {
  readonly tokens: readonly Token[];
  /** Whether there are pictures that could be asked for. */
  readonly hasPictures: boolean;
}

/**
 * Reads a message's markdown; `undefined` for what is shown as it was written: more than `partsMax` parts, or what the lexer
 * gives up at, such as a thousand quotes in each other. It may take seconds for texts that were made for that: call it in a worker.
 */
export function formatOf(text: string): Formatted | undefined {
  let parts = 0;
  let hasPictures = false;
  const count = () => {
    if ((parts += 1) > partsMax) throw new RangeError('too many parts');
  };
  const shown = (tokens: readonly Token[] = [], depth = 0): Token[] =>
    tokens.map((token) => {
      count();
      if (depth > depthMax) return { type: 'raw', raw: token.raw };
      if (token.type === 'image') hasPictures ||= isPictureAddress((token as Tokens.Image).href);
      const { tokens: inside, items, header, rows } = token as Inside;
      return {
        ...token,
        ...(inside && { tokens: shown(inside, depth + 1) }),
        ...(items && { items: items.map((item) => withInside(item, depth)) }),
        ...(header && { header: header.map((cell) => withInside(cell, depth)) }),
        ...(rows && { rows: rows.map((row) => row.map((cell) => withInside(cell, depth))) }),
      };
    });
  const withInside = <T extends { tokens: Token[] }>(part: T, depth: number): T => {
    count();
    return { ...part, tokens: shown(part.tokens, depth + 1) };
  };
  if (cellsIn(text) > cellsMax) return undefined;
  try {
    return { tokens: shown(lexer(text, { gfm: true, breaks: true })), hasPictures };
  } catch {
    return undefined;
  }
}

/** How many cells a text may have at most: the lexer fills each row up to the width of the first. */
function cellsIn(text: string): number {
  const lines = text.split('\n');
  return lines.length * Math.max(...lines.map((line) => line.split('|').length));
}
