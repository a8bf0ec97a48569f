import { AddedRule, RuleEdits } from '@hark/contracts';
import { editedRuleSets, togetherIdOf, unfitEdits } from './edited-rule-sets';
import { LocalRules } from './local-rules';
import { ruleSets } from './rules';

const rule = (phrase: string, more: Partial<AddedRule> = {}): AddedRule => ({
  phrase,
  kind: 'word',
  label: 'ads',
  then: 'block',
  ...more,
});
const judge = (added: AddedRule[], removed: string[], text: string) =>
  new LocalRules(editedRuleSets(ruleSets, { added, removed })).judge(text);

describe('rules that operators edited', () => {
  it('find what was added, disguised too, under its label', () => {
    expect(judge([], [], '量子水杯')).toEqual({ is: 'clean' });
    for (const text of ['量子水杯', '量 子-水杯', '量a子b水c杯'])
      expect(judge([rule('量子水杯')], [], text)).toEqual({ is: 'block', label: 'ads' });
    const domain = rule('quantum-cup.example', { kind: 'domain', label: 'politics', then: 'hold' });
    expect(judge([domain], [], 'go to quantum-cup点example')).toEqual({ is: 'hold', label: 'politics' });
    expect(judge([rule('量子水杯', { label: 'fraud', then: 'hold' })], [], '量子水杯')).toEqual({
      is: 'hold',
      label: 'fraud',
    });
  });

  it('find no more what was taken out, and all else', () => {
    const removed = ['fuck you'];
    expect(judge([], [], 'fuck you').is).toBe('block');
    expect(judge([], removed, 'fuck you').is).toBe('clean');
    expect(judge([], removed, 'motherfucker').is).toBe('block');
  });

  it('find words that count only together, and no more those that were taken out', () => {
    const together = (more: Partial<NonNullable<RuleEdits['together']>>, text: string) =>
      new LocalRules(
        editedRuleSets(ruleSets, { added: [], removed: [], together: { added: [], removed: [], ...more } }),
      ).judge(text);
    const rule = { groups: [['量子'], ['水杯', '水壶']], within: 12, label: 'fraud', then: 'hold' } as const;
    expect(together({ added: [rule] }, '量子通信与水壶')).toEqual({ is: 'hold', label: 'fraud' });
    expect(together({ added: [rule] }, '量子通信')).toEqual({ is: 'clean' });
    expect(together({ added: [rule] }, `量子${'通'.repeat(20)}水壶`)).toEqual({ is: 'clean' });
    const builtIn = ruleSets.find((set) => set.together)!;
    const text = builtIn.together![0]!.groups.map(([word]) => word).join('，');
    const removed = [togetherIdOf(builtIn, builtIn.together![0]!)];
    expect(together({}, text).is).not.toBe('clean');
    expect(together({ removed }, text).is).toBe('clean');
    const short = { ...rule, groups: [['量子'], ['! ', '水壶']] };
    const edits = { added: [], removed: [], together: { added: [short], removed: [...removed, '0'.repeat(12)] } };
    expect(unfitEdits(ruleSets, edits).map(({ path }) => path)).toEqual([
      'together.added.0.groups.1.0',
      'together.removed.1',
    ]);
  });

  it('are the built-in ones without edits', () =>
    expect(editedRuleSets(ruleSets, { added: [], removed: [] })).toEqual(ruleSets));

  it('must be words that say something, domains, and words that are built in', () => {
    const unfit = unfitEdits(ruleSets, {
      added: [rule('ok word'), rule('!! '), rule('x y', { kind: 'domain' }), rule('a.example', { kind: 'domain' })],
      removed: ['fuck you', 'never heard of'],
    });
    expect(unfit.map(({ path }) => path)).toEqual(['added.1.phrase', 'added.2.phrase', 'removed.1']);
  });
});
