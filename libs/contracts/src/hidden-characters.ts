// Bidi controls, format characters, blank letters: what stands in a text and nobody sees.
const hidden = /[\p{Bidi_Control}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

const picture = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?`;
// Scripts in which a letter is drawn otherwise beside a joiner or a non-joiner.
const joining = ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym']
  .concat('Sinh', 'Khmr', 'Mymr', 'Tibt')
  .map((script) => String.raw`\p{Script=${script}}`)
  .join('');
/** Where a character without a look of its own changes how its neighbour is drawn, as writing and emoji need it. */
const honest = new RegExp(
  [
    // Keycaps, and the flags of England, Scotland and Wales.
    String.raw`[0-9#*]\ufe0f\u20e3`,
    String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
    // After the flags, which begin with a picture.
    String.raw`${picture}(?:\u200d${picture})*`,
    // A Chinese character's form, as names in Japanese have it.
    String.raw`\p{Script=Han}[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
    String.raw`(?<=[${joining}])[\u200c\u200d]`,
  ].join('|'),
  'gu',
);
const controls = { line: /[\p{Cc}\u2028\u2029]/u, text: /(?![\n\r\t])\p{Cc}/u };

/**
 * What is wrong with a text whose readers would not see all that stands in it, naming the first such character and its
 * place; undefined for every other text. Joiners and variants pass where an emoji or a script needs them.
 */
export function hiddenIn(text: string): string | undefined {
  if (!hidden.test(text)) return undefined;
  const rest = text.replace(honest, (sequence) => 'x'.repeat([...sequence].length));
  const found = firstOf(rest, hidden);
  return found && `must not hold U+${found.code} (character ${found.place}), which hides or reorders text`;
}

/** The same of a control character, which nothing can show; a text of several lines has line ends and tabs. */
export function controlIn(text: string, kind: keyof typeof controls): string | undefined {
  if (!controls[kind].test(text)) return undefined;
  const found = firstOf(text, controls[kind]);
  return found && `must not hold the control character U+${found.code} (character ${found.place})`;
}

function firstOf(text: string, wrong: RegExp): { readonly code: string; readonly place: number } | undefined {
  const characters = [...text];
  const at = characters.findIndex((character) => wrong.test(character));
  const code = characters[at]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : { code, place: at + 1 };
}
