/** A stretch of a text, and whether it is one of the parts that were looked for. */
export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The text cut where the `matches` stand in it, the longer ones first; joined it is the text again. */
export function textParts(text: string, matches: readonly string[]): TextPart[] {
  const sought = matches.filter((one) => one !== '').sort((a, b) => b.length - a.length);
  if (sought.length === 0) return [{ text, isMatch: false }];
  const pattern = new RegExp(`(${sought.map((one) => one.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`);
  return text
    .split(pattern)
    .map((part, at) => ({ text: part, isMatch: at % 2 === 1 }))
    .filter((part) => part.text !== '');
}

/** Every text in what a push says, by the name of its field, in the order that people read: title and body first. */
export function textsOfPush(content: object): (readonly [field: string, text: string])[] {
  const { title, body, ...others } = content as { title?: string; body?: string };
  return textsIn({ title, body, ...others });
}

function textsIn(value: unknown, at = ''): (readonly [string, string])[] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => textsIn(part, at === '' ? name : `${at}.${name}`));
}
