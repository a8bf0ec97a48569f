import { LocalVerdict } from './local-rules';

/** What other rules would change for a text. */
export type RulesChange = 'blocked' | 'held' | 'eased' | 'released';

/** How the second verdict differs from the first: undefined when the text fares alike, also under another label. */
export function rulesChange(before: LocalVerdict, after: LocalVerdict): RulesChange | undefined {
  if (before.is === after.is) return undefined;
  if (after.is === 'clean') return 'released';
  if (after.is === 'block') return 'blocked';
  return before.is === 'block' ? 'eased' : 'held';
}
