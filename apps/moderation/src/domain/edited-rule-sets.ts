import { createHash } from 'node:crypto';
import { RuleEdits } from '@hark/contracts';
import { RuleSet } from './rules/rule-set';
import { skeletonsOf } from './skeleton';

/** The rule sets with what operators added, each word among those of its label, and without what they took out. */
export function editedRuleSets(builtIn: readonly RuleSet[], { added, removed, together }: RuleEdits): RuleSet[] {
  const gone = new Set([...removed, ...(together?.removed ?? [])]);
  const staying = (words: readonly string[] = []) => words.filter((word) => !gone.has(word));
  const sets: RuleSet[] = builtIn.map((set) => ({
    ...set,
    words: staying(set.words),
    ...(set.pinyin && { pinyin: staying(set.pinyin) }),
    ...(set.domains && { domains: staying(set.domains) }),
    ...(set.together && { together: set.together.filter((rule) => !gone.has(togetherIdOf(set, rule))) }),
  }));
  const change = ({ label, then }: Pick<RuleSet, 'label' | 'then'>, more: (set: RuleSet) => Partial<RuleSet>) => {
    const at = sets.findIndex((set) => set.label === label && set.then === then);
    const set = sets[at] ?? { label, then, words: [] };
    sets.splice(at < 0 ? sets.length : at, at < 0 ? 0 : 1, { ...set, ...more(set) });
  };
  for (const { phrase, kind, ...of } of added)
    change(of, ({ words, domains = [] }) =>
      kind === 'word' ? { words: [...words, phrase] } : { domains: [...domains, phrase] },
    );
  for (const { groups, within, ...of } of together?.added ?? [])
    change(of, (set) => ({ together: [...(set.together ?? []), { groups, within }] }));
  return sets;
}

/** Names a built-in rule of words that count together, as long as it is the same. */
export const togetherIdOf = (
  { label, then }: Pick<RuleSet, 'label' | 'then'>,
  { groups, within }: NonNullable<RuleSet['together']>[number],
): string =>
  createHash('sha256')
    .update(JSON.stringify([label, then, groups, within]))
    .digest('hex')
    .slice(0, 12);

/** What is wrong with edits, by field: a word so short that it is in nearly every text, no domain, nothing to take out. */
export function unfitEdits(
  builtIn: readonly RuleSet[],
  { added, removed, together }: RuleEdits,
): { path: string; message: string }[] {
  const known = new Set(builtIn.flatMap(({ words, pinyin = [], domains = [] }) => [...words, ...pinyin, ...domains]));
  const knownTogether = new Set(builtIn.flatMap((set) => (set.together ?? []).map((rule) => togetherIdOf(set, rule))));
  return [
    ...(together?.added ?? []).flatMap(({ groups }, at) =>
      groups.flatMap((words, group) =>
        words.flatMap((word, index) =>
          isTelling(word) ? [] : [{ path: `together.added.${at}.groups.${group}.${index}`, message: tooShort }],
        ),
      ),
    ),
    ...(together?.removed ?? []).flatMap((id, at) =>
      knownTogether.has(id) ? [] : [{ path: `together.removed.${at}`, message: 'must be a rule that is built in' }],
    ),
    ...added.flatMap(({ phrase, kind }, at) => {
      if (kind === 'domain')
        return domain.test(phrase) ? [] : [{ path: `added.${at}.phrase`, message: 'must be a domain' }];
      return isTelling(phrase) ? [] : [{ path: `added.${at}.phrase`, message: tooShort }];
    }),
    ...removed.flatMap((word, at) =>
      known.has(word) ? [] : [{ path: `removed.${at}`, message: 'must be a word or domain that is built in' }],
    ),
  ];
}

const unitsMin = 2;
const tooShort = 'must have at least 2 letters, digits or characters';
const isTelling = (phrase: string): boolean => skeletonsOf(phrase).plain.length >= unitsMin;
const domain = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
