import { HarkError } from '@hark/kernel';
import { type CopiedEvent, differenceOf, nameOf } from './copied-event';

/** The error for a target that cannot be copied to: it holds something that is not a copy of this source. */
export function foreignEvent(copy: CopiedEvent, original: CopiedEvent | undefined): HarkError {
  const instead =
    original === undefined
      ? 'where the source ends'
      : `instead of ${nameOf(original)} (its ${differenceOf(original, copy) ?? 'place'} differs)`;
  return new HarkError(
    'refused',
    'migrate.target-has-other-events',
    `the target holds ${nameOf(copy)} at position ${copy.position.commit}, ${instead}; ` +
      'it must be empty, or hold an unfinished copy of a source that has not been written since',
  );
}
