import { JudgedContent } from '@hark/contracts';
import { LocalVerdict } from './local-rules';

/** What the local rules say, in the words of other services. */
export function worded(verdict: LocalVerdict): JudgedContent {
  if (verdict.is === 'clean') return { verdict: 'passed' };
  return { verdict: verdict.is === 'block' ? 'blocked' : 'held', label: verdict.label };
}
