import { RulesEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { ChangeRules, rulesDecider } from './rules.decider';

const at = '2026-11-28T09:00:00.000Z';
const operatorId = '00000000-0000-7000-8000-000000000005';
const tip = { phrase: 'hot tip', kind: 'word', label: 'ads', then: 'hold' } as const;
const change = (more: Partial<ChangeRules> = {}): ChangeRules => ({
  type: 'ChangeRules',
  added: [tip],
  removed: [],
  seen: 0,
  operatorId,
  at,
  ...more,
});
const changed = (more: Partial<RulesEvent['data']> = {}): RulesEvent => ({
  type: 'rules.changed',
  data: { added: [tip], removed: [], operatorId, at, ...more },
});
const rules = specFor(rulesDecider);

describe('changing the rules', () => {
  it('makes them these', () => rules.when(change({ note: 'n' })).then(changed({ note: 'n' })));
  it('is told the changes so far', () =>
    rules
      .given(changed())
      .when(change({ added: [], removed: ['x y'], seen: 1 }))
      .then(changed({ added: [], removed: ['x y'] })));
  it('keeps those of words that count together where nothing is said of them', () => {
    const rule = { groups: [['x y'], ['z w']], within: 9, label: 'ads' as const, then: 'hold' as const };
    const together = { added: [rule], removed: [] };
    rules
      .given(changed({ together }))
      .when(change({ removed: ['x y'], seen: 1 }))
      .then(changed({ removed: ['x y'], together }));
    rules
      .given(changed({ together }))
      .when(change({ together: { added: [], removed: [] }, seen: 1 }))
      .then(changed({ together: { added: [], removed: [] } }));
    rules
      .given(changed())
      .when(change({ together: { added: [], removed: [] } }))
      .thenNothing();
  });
  it('says nothing when they are so, whoever changed them', () => rules.given(changed()).when(change()).thenNothing());
  it('is refused to who has not seen them as they are', () =>
    rules
      .given(changed())
      .when(change({ added: [] }))
      .thenRefused('rules.changed-meanwhile'));
  it('keeps the latest fifty', () => {
    const state = Array.from({ length: 60 }, (_, n) => changed({ note: String(n) })).reduce(
      rulesDecider.evolve,
      rulesDecider.initial,
    );
    expect(state.changes).toBe(60);
    expect(state.history).toHaveLength(50);
    expect(state.history[0]).toEqual({ at, by: operatorId, added: 1, removed: 0, remark: '59' });
  });
});
