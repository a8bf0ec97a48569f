import { hiddenIn } from '@hark/contracts';
import { HarkError } from '@hark/kernel';

const lengthMax = 50;
const visible = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
/** The most marks on one letter: more than any language writes would hide the letter. */
const tooManyMarks = /\p{M}{4,}/u;
/** Characters without a shared meaning: private use, and those that Unicode has not assigned. */
const meaningless = /[\p{Co}\p{Cn}]/u;

/**
 * A name that people are shown, as it is stored: NFKC, spaces trimmed and joined. Throws `request.invalid` at `path` where
 * it could not be read as it stands: with invisible or direction-changing characters, without a letter or digit, with
 * marks piled on a letter, or longer than 50 characters. An app's name has rules beyond these: `checkedAppName`.
 */
export function cleanName(name: string, path = 'name'): string {
  const hidden = hiddenIn(name);
  if (hidden !== undefined) throw invalid(path, hidden);
  const stored = name.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  const length = [...stored].length;
  if (!visible.test(stored)) throw invalid(path, 'must hold a letter or a digit');
  if (length > lengthMax) throw invalid(path, `at most ${lengthMax} characters as it is shown, has ${length}`);
  if (tooManyMarks.test(stored.normalize('NFD'))) throw invalid(path, 'must not pile marks on a letter');
  if (meaningless.test(stored)) throw invalid(path, 'must hold only characters that everybody can read');
  return stored;
}

const invalid = (path: string, message: string) =>
  new HarkError('invalid', 'request.invalid', 'the name cannot be shown', { errors: [{ path, message }] });
