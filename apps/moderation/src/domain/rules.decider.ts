import { RuleEdits, RulesEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

/** What operators changed of the rules, and how they came to it. */
export interface EditedRules extends RuleEdits {
  readonly changes: number;
  /** The latest, newest first. */
  readonly history: readonly Change[];
}

interface Change {
  readonly at: IsoTime;
  readonly by: string;
  readonly added: number;
  readonly removed: number;
  readonly remark?: string;
}

/** An operator wants these rules, having seen the rules after `seen` changes. */
export interface ChangeRules extends RuleEdits {
  readonly type: 'ChangeRules';
  readonly seen: number;
  readonly operatorId: string;
  readonly note?: string;
  readonly at: IsoTime;
}

const historyMax = 50;

/** The rules of the `rules-` stream. Whoever changes them has seen them as they are; whether they fit is looked at before. */
export const rulesDecider: Decider<EditedRules, ChangeRules, RulesEvent> = {
  initial: { added: [], removed: [], changes: 0, history: [] },

  decide({ type: _, seen, added, removed, together, ...change }, rules) {
    const settled = together ?? rules.together;
    const wanted = { added, removed, ...(settled && { together: settled }) };
    if (isSame(wanted, rules)) return [];
    if (seen !== rules.changes) {
      throw new HarkError(
        'conflict',
        'rules.changed-meanwhile',
        'another operator changed the rules since they were seen',
      );
    }
    return [{ type: 'rules.changed', data: { ...structuredClone(wanted), ...change } as RulesEvent['data'] }];
  },

  evolve({ changes, history }, { data: { added, removed, together, operatorId, note, at } }) {
    const change = {
      at,
      by: operatorId,
      added: added.length + (together?.added.length ?? 0),
      removed: removed.length + (together?.removed.length ?? 0),
      ...(note !== undefined && { remark: note }),
    };
    return {
      added: added as RuleEdits['added'],
      removed,
      ...(together && { together: together as RuleEdits['together'] }),
      changes: changes + 1,
      history: [change, ...history].slice(0, historyMax),
    };
  },
};

const isSame = (one: RuleEdits, other: RuleEdits): boolean => partsOf(one) === partsOf(other);
const partsOf = ({ added, removed, together }: RuleEdits): string =>
  JSON.stringify([
    added.map(({ phrase, kind, label, then }) => [phrase, kind, label, then]),
    removed,
    together?.added.map(({ groups, within, label, then }) => [groups, within, label, then]) ?? [],
    together?.removed ?? [],
  ]);
