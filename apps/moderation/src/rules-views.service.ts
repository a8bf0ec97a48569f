import { Injectable } from '@nestjs/common';
import { RulesView } from '@hark/contracts';
import { togetherIdOf } from './domain/edited-rule-sets';
import { ruleSets } from './domain/rules';
import { EditedRules } from './domain/rules.decider';
import { made, rulesId, RulesInForce } from './rules-in-force.store';

/** The rules as operators see them. */
@Injectable()
export class RulesViews {
  constructor(private readonly rules: RulesInForce) {}

  /** As they are now. */
  async present(): Promise<RulesView> {
    return this.of((await this.rules.load(rulesId)).state);
  }

  /** As they are after these changes. */
  of({ changes, history, ...edits }: EditedRules): RulesView {
    const { version } = made(edits);
    const { added, removed, together = { added: [], removed: [] } } = edits;
    return { version, changes, added, removed, together, builtIn, history };
  }
}

const builtIn: RulesView['builtIn'] = ruleSets.map((set) => {
  const { label, then, words, pinyin = [], domains = [], together = [] } = set;
  const togetherRules = together.map((rule) => ({ id: togetherIdOf(set, rule), ...rule }));
  return {
    label,
    then,
    words: [...new Set([...words, ...pinyin])],
    domains,
    together: together.length,
    togetherRules,
  };
});
