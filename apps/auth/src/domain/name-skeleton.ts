import { confusables } from './confusables';

// Letters that readers of Latin and Chinese take for a Latin one at a glance, folded to it; from Unicode's confusables
// (UTS #39). The keys are lower case; look a capital up as its lower-case letter.
const lookalikes: ReadonlyMap<string, string> = new Map([
  ...pairs('авеѕіјкмнорстухԁһԛԝӏгпзьѵѡғӡү', 'abesljkmhopctyxdhqwlrn3bvwf3y'), // Cyrillic
  ...pairs('αβεικνορτυχγηωσ', 'abelkvoptuxynwo'), // Greek
  ...pairs('օոսհցզյե', 'onuhgqje'), // Armenian
  ...pairs('ꭺᏼꮯꭰꭼꮐꮋꭻꮶꮮꮇꮲꮪꭲꮩꮃꮓ', 'abcdeghjklmpstvwz'), // Cherokee
  ...pairs('ɑɡɩʟɪɴʀᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡʏᴢłøđħŧƙ', 'aglllnrabcdeghjkmopstuvwyzlodhtk'), // Latin
  ...pairs('01iı|$@', 'ollllsa'),
]);
const drawnTogether: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
];
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const marks = /\p{M}/gu;
const spacing = /[\p{Z}\p{P}\p{S}]/gu;

/**
 * The text without what is invisible: format characters, default-ignorables such as the Hangul filler, the blank
 * Braille.
 */
export const withoutInvisible = (text: string): string => text.replace(invisible, '');

/**
 * What a hasty reader sees of a name: two names with the same skeleton can be taken for each other. Drops spaces,
 * punctuation, marks and case, and makes look-alike letters one.
 */
export function skeletonOf(name: string): string {
  const latin = asSeen(withoutInvisible(name.normalize('NFKC')), confusables);
  const plain = withoutInvisible(latin.toLowerCase().normalize('NFKD').replace(marks, ''));
  // Once more, because a letter may have shown itself only without its mark or capital.
  const folded = asSeen(asSeen(plain, confusables), lookalikes).replace(spacing, '');
  return drawnTogether.reduce((text, [drawn, seen]) => text.replace(drawn, seen), folded);
}

const asSeen = (text: string, letters: ReadonlyMap<string, string>): string =>
  [...text].map((letter) => letters.get(letter) ?? letter).join('');

function pairs(from: string, to: string): [string, string][] {
  const targets = [...to];
  return [...from].map((letter, index) => [letter, targets[index]!]);
}
