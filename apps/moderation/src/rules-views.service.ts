import { Injectable } from '@nestjs/common';
import { RulesView } from '@hark/contracts';
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
  of({ added, removed, changes, history }: EditedRules): RulesView {
    const { version } = made({ added, removed });
    return { version, changes, added, removed, builtIn, history };
  }
}

const builtIn: RulesView['builtIn'] = ruleSets.map(
  ({ label, then, words, pinyin = [], domains = [], together = [] }) => ({
    label,
    then,
    words: [...new Set([...words, ...pinyin])],
    domains,
    together: together.length,
  }),
);
