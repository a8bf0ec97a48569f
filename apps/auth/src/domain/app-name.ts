import { HarkError } from '@hark/kernel';
import { cleanName } from './clean-name';
import { isReserved } from './reserved-names';

const latin = /\p{Script=Latin}/u;
// Honest names join Latin letters in one word only with Chinese, Japanese and Korean.
const otherScript =
  /(?![\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}])\p{L}/u;
const alphabets = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/**
 * An app's name as it is stored: see `cleanName`. Throws `app.name-confusable` for names of the hub, for brands, for claims
 * of being verified, and for a word that mixes look-alike alphabets. Whether it looks like a verified app's name is a
 * separate check, by `skeletonOf`.
 */
export function checkedAppName(name: string, path = 'name'): string {
  const stored = cleanName(name, path);
  if (stored.split(' ').some(isMixed) || isReserved(stored, name)) throw confusable();
  return stored;
}

const isMixed = (word: string): boolean =>
  (latin.test(word) && otherScript.test(word)) || alphabets.filter((alphabet) => alphabet.test(word)).length > 1;

/** The name could be taken for another's. */
export const confusable = () =>
  new HarkError('refused', 'app.name-confusable', 'the name can be taken for another app, a brand or the hub');
