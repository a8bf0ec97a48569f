import { HarkError } from '@hark/kernel';
import { withoutInvisible } from './name-skeleton';
import { isReserved } from './reserved-names';

const nameLengthMax = 50;
/** The most marks on one letter: more than any language writes would hide the letter. */
const tooManyMarks = /\p{M}{4,}/u;
/** Characters without a shared meaning: private use, and those that Unicode has not assigned. */
const meaningless = /[\p{Co}\p{Cn}]/u;
const visible = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
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
 * The name as it is stored: NFKC, without invisible characters, spaces trimmed and joined, then at most 50 characters.
 * Throws `request.invalid` at `path` when nothing or too much is left. Throws `app.name-confusable` for names of the
 * hub, for brands, for claims of being verified, and for a word that mixes look-alike alphabets. Whether it looks like
 * a verified app's name is a separate check, by `skeletonOf`.
 */
export function checkedAppName(name: string, path = 'name'): string {
  const stored = cleanName(name, path);
  if (stored.split(' ').some(isMixed) || isReserved(stored, name)) throw confusable();
  return stored;
}

/** The same without the look-alike rules, for a name that only its own person is shown. */
export function cleanName(name: string, path = 'name'): string {
  const stored = withoutInvisible(name.normalize('NFKC')).replace(/\s+/gu, ' ').trim();
  const length = [...stored].length;
  if (!visible.test(stored)) throw invalid(path, 'must hold a letter or a digit');
  if (length > nameLengthMax) {
    throw invalid(path, `at most ${nameLengthMax} characters as it is shown, has ${length}`);
  }
  if (tooManyMarks.test(stored.normalize('NFD'))) throw invalid(path, 'must not pile marks on a letter');
  if (meaningless.test(stored)) throw invalid(path, 'must hold only characters that everybody can read');
  return stored;
}

const isMixed = (word: string): boolean =>
  (latin.test(word) && otherScript.test(word)) || alphabets.filter((alphabet) => alphabet.test(word)).length > 1;

const invalid = (path: string, message: string) =>
  new HarkError('invalid', 'request.invalid', 'the name cannot be shown', { errors: [{ path, message }] });

/** The name could be taken for another's. */
export const confusable = () =>
  new HarkError('refused', 'app.name-confusable', 'the name can be taken for another app, a brand or the hub');
