import { RuleEdits } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { unfitEdits } from '../domain/edited-rule-sets';
import { ruleSets } from '../domain/rules';

/** Throws `invalid` `request.invalid`, naming each rule that cannot be one. */
export function assertFit(edits: RuleEdits): void {
  const errors = unfitEdits(ruleSets, edits);
  if (errors.length > 0) throw new HarkError('invalid', 'request.invalid', 'some rules cannot be rules', { errors });
}
