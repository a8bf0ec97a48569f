import { HarkError } from '@hark/kernel';
import { withoutInvisible } from './name-skeleton';

const charactersMax = 50;

/**
 * How somebody is called, as it is stored: NFKC, spaces trimmed and joined. Throws `request.invalid` for names that others
 * could not read as they stand: with invisible or direction-changing characters, without a letter or digit, with marks piled
 * on a letter, or too long.
 */
export function checkedDisplayName(name: string): string {
  if (withoutInvisible(name) !== name) throw invalid('must not hold invisible characters');
  const stored = name.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(stored)) throw invalid('must hold a letter or a digit');
  if (/\p{M}{4,}/u.test(stored.normalize('NFD'))) throw invalid('must not pile marks on a letter');
  if (/[\p{Co}\p{Cn}]/u.test(stored)) throw invalid('must hold only characters that everybody can read');
  if ([...stored].length > charactersMax) throw invalid(`at most ${charactersMax} characters as it is shown`);
  return stored;
}

const invalid = (message: string) =>
  new HarkError('invalid', 'request.invalid', 'the name cannot be shown', {
    errors: [{ path: 'displayName', message }],
  });
