import { locale } from '@hark/contracts';
import { TermsFacts, termsIn, termsVersion } from './consent-terms';

const facts: TermsFacts = {
  appName: 'Repairs 报修',
  verified: false,
  purpose: '工单 1024 的进度',
  domain: 'repairs.example',
};

describe('the terms of a consent', () => {
  // Receipts name a version: whoever changes a word counts it up and changes these.
  it('are these, in this version', () => {
    expect(termsVersion).toBe(1);
    expect(locale.options.map((language) => termsIn(language, facts).hash)).toEqual(hashesOfVersion1);
  });

  it.each(locale.options)(
    'say in %s who asks, why, where one goes back to, and what may be done about it',
    (language) => {
      const { text } = termsIn(language, facts);
      for (const fact of [facts.appName, facts.purpose!, facts.domain!]) expect(text).toContain(fact);
      expect(text.split('\n')).toHaveLength(6);
      expect(termsIn(language, { appName: 'x', verified: false }).text.split('\n')).toHaveLength(4);
    },
  );

  it.each<[string, Partial<TermsFacts>]>([
    ['name', { appName: 'Repairs' }],
    ['check', { verified: true }],
    ['purpose', { purpose: '另一件事' }],
    ['domain', { domain: 'other.example' }],
  ])('have another hash with another %s, and in another language', (_, change) => {
    const hashes = locale.options.flatMap((language) => [
      termsIn(language, facts).hash,
      termsIn(language, { ...facts, ...change }).hash,
    ]);
    expect(new Set(hashes).size).toBe(4);
  });
});

const hashesOfVersion1 = [
  '1a01299a4eb8879567c656407427d4d3f4b95a310ece4ac8e65236c04b1134d6',
  'bfdf42725aa09a58bddcaafeb7ce51a97c530351a788059972f52be0c3a0e2a0',
];
