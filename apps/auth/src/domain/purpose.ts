import { hiddenIn } from '@hark/contracts';
import { HarkError } from '@hark/kernel';

/**
 * What an app says it asks for, as it is shown: NFC, on one line. Throws `request.invalid` where it could not be read as it
 * stands, or nothing can be seen of it.
 */
export function checkedPurpose(purpose: string): string {
  const stored = purpose.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const wrong = hiddenIn(stored) ?? meaninglessIn(stored);
  if (wrong === undefined) return stored;
  throw new HarkError('invalid', 'request.invalid', 'the purpose cannot be shown', {
    errors: [{ path: 'purpose', message: wrong }],
  });
}

function meaninglessIn(text: string): string | undefined {
  if (/[\p{Cc}\p{Co}\p{Cn}]/u.test(text)) return 'must hold only characters that everybody can read';
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text) ? undefined : 'must hold a letter or a digit';
}
