import { PushContent } from '@hark/contracts';

/** What stands between two texts of a message: nobody can type it, so that no term is found across their border. */
const border = '\u0000';

/**
 * A text as it is compared: wide and narrow forms are one (NFKC), and so are capital and small letters, and any white space.
 */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ');

/** The terms of a search; none may be empty. */
export const termsOf = (q: string): string[] =>
  folded(q)
    .split(' ')
    .filter((term) => term !== '');

/** Whether each of the terms, as `termsOf` has them, stands somewhere in the message or in its app's name. */
export function isFound(terms: readonly string[], content: PushContent, appName: string): boolean {
  const text = folded(textsOf(content, appName).join(border));
  return terms.every((term) => text.includes(term));
}

/** All words of a message, in both languages. Not its addresses and not its `data`, which its reader never sees. */
function textsOf(content: PushContent, appName: string): string[] {
  const { title, body, markdown, summary, tags = [], thread, step, actions = [], variants = {} } = content;
  const others = Object.values(variants).flatMap((variant) => Object.values(variant));
  const all = [
    appName,
    title,
    body,
    markdown,
    summary,
    ...tags,
    thread,
    step?.label,
    ...actions.map(({ label }) => label),
  ];
  return [...all, ...others].filter((text) => text !== undefined);
}
