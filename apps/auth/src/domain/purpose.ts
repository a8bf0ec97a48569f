import { HarkError } from '@hark/kernel';
import { withoutInvisible } from './name-skeleton';

/**
 * What an app says it asks for, as it is shown: NFC, on one line, without control, bidirectional and other invisible
 * characters. Throws `request.invalid` when nothing can be seen of it.
 */
export function checkedPurpose(purpose: string): string {
  const stored = withoutInvisible(purpose.normalize('NFC'))
    .replace(/[\p{Cc}\p{Co}\p{Cn}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(stored)) return stored;
  throw new HarkError('invalid', 'request.invalid', 'the purpose cannot be shown', {
    errors: [{ path: 'purpose', message: 'must hold a letter or a digit' }],
  });
}
