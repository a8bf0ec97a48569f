import { RuleEdits } from '@hark/contracts';
import { RuleSet } from './rules/rule-set';
import { skeletonsOf } from './skeleton';

/** The rule sets with what operators added, each word among those of its label, and without what they took out. */
export function editedRuleSets(builtIn: readonly RuleSet[], { added, removed }: RuleEdits): RuleSet[] {
  const gone = new Set(removed);
  const staying = (words: readonly string[] = []) => words.filter((word) => !gone.has(word));
  const sets: RuleSet[] = builtIn.map((set) => ({
    ...set,
    words: staying(set.words),
    ...(set.pinyin && { pinyin: staying(set.pinyin) }),
    ...(set.domains && { domains: staying(set.domains) }),
  }));
  for (const { phrase, kind, label, then } of added) {
    const at = sets.findIndex((set) => set.label === label && set.then === then);
    const set = sets[at] ?? { label, then, words: [] };
    const more = kind === 'word' ? { words: [...set.words, phrase] } : { domains: [...(set.domains ?? []), phrase] };
    sets.splice(at < 0 ? sets.length : at, at < 0 ? 0 : 1, { ...set, ...more });
  }
  return sets;
}

/** What is wrong with edits, by field: a word so short that it is in nearly every text, no domain, nothing to take out. */
export function unfitEdits(
  builtIn: readonly RuleSet[],
  { added, removed }: RuleEdits,
): { path: string; message: string }[] {
  const known = new Set(builtIn.flatMap(({ words, pinyin = [], domains = [] }) => [...words, ...pinyin, ...domains]));
  return [
    ...added.flatMap(({ phrase, kind }, at) => {
      if (kind === 'domain')
        return domain.test(phrase) ? [] : [{ path: `added.${at}.phrase`, message: 'must be a domain' }];
      return skeletonsOf(phrase).plain.length >= unitsMin
        ? []
        : [{ path: `added.${at}.phrase`, message: 'must have at least 2 letters, digits or characters' }];
    }),
    ...removed.flatMap((word, at) =>
      known.has(word) ? [] : [{ path: `removed.${at}`, message: 'must be a word or domain that is built in' }],
    ),
  ];
}

const unitsMin = 2;
const domain = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
