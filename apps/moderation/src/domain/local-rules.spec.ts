import fc from 'fast-check';
import { LocalRules } from './local-rules';
import { bannedPhrases, mutations } from './mutations-spec';
import { cleanTexts } from './clean-texts-spec';
import { ruleSets } from './rules';
import { skeletonsOf } from './skeleton';

/** U+FDFA, the longest there is, folds to so many units. */
const longestFold = 18;

const rules = new LocalRules(ruleSets);
const judge = (text: string) => rules.judge(text).is;

describe('forbidden texts', () => {
  it("is blocked as an offer of invoices, the demo's own", () =>
    expect(rules.judge('代开发票,加微信 fapiao888')).toEqual({ is: 'block', label: 'illegal' }));

  it.each(bannedPhrases)('%s is found as it stands and inside a sentence', (phrase) => {
    expect(judge(phrase)).not.toBe('clean');
    expect(judge(`您好!${phrase},谢谢。`)).not.toBe('clean');
    expect(judge(`Hello, ${phrase} now`)).not.toBe('clean');
  });

  it.each(mutations.map(({ name }, index) => [name, index] as const))('are found with %s', (_, index) => {
    const { apply } = mutations[index]!;
    const missed = bannedPhrases.filter((phrase) => {
      const changed = apply(phrase, 0);
      return changed !== null && judge(`您好 ${changed} 谢谢`) === 'clean';
    });
    expect(missed).toEqual([]);
  });

  it('are found in at least 99 % of several thousand disguises, up to three at once', () => {
    const disguise = fc.record({
      phrase: fc.constantFrom(...bannedPhrases),
      chosen: fc.uniqueArray(fc.nat({ max: mutations.length - 1 }), { minLength: 1, maxLength: 3 }),
      seed: fc.nat({ max: 1_000_000 }),
    });
    const missed: string[] = [];
    let tried = 0;
    for (const { phrase, chosen, seed } of fc.sample(disguise, { numRuns: 8_000, seed: 20_261_122 })) {
      // In the order of the table: spelling first, then what is put between, then what turns the whole round.
      const changed = chosen
        .sort((a, b) => a - b)
        .reduce((text, index) => mutations[index]!.apply(text, seed) ?? text, phrase);
      if (changed === phrase) continue;
      tried += 1;
      if (judge(`工单 12 ${changed} ok`) === 'clean')
        missed.push(`${chosen.map((index) => mutations[index]!.name).join('+')}: ${changed}`);
    }
    expect(tried).toBeGreaterThan(4_000);
    expect({
      rate: missed.length / tried <= 0.01,
      missed: missed.slice(0, missed.length / tried <= 0.01 ? 0 : 20),
    }).toEqual({ rate: true, missed: [] });
  });
});

describe('ordinary texts', () => {
  it.each(cleanTexts)('%s', (text) => expect(rules.judge(text)).toEqual({ is: 'clean' }));

  it('stay clean one after another as one long text', () => {
    for (let index = 0; index < cleanTexts.length; index += 10)
      expect(judge(cleanTexts.slice(index, index + 10).join('\n'))).toBe('clean');
  });
});

describe('the label', () => {
  it.each([
    ['illegal', 'block', '代开发票'],
    ['fraud', 'block', '信用卡套现'],
    ['porn', 'block', '无码视频'],
    ['abuse', 'block', '操你妈'],
    ['ads', 'block', '加微信了解代充业务'],
    ['politics', 'hold', '武装推翻政府'],
    ['illegal', 'hold', '警方提醒:远离网络赌博'],
  ])('%s (%s)', (label, is, text) => expect(rules.judge(text)).toEqual({ is, label }));

  it('is that of the gravest set, and blocking outweighs holding', () =>
    expect(rules.judge('武装推翻政府 操你妈 信用卡套现')).toEqual({ is: 'block', label: 'fraud' }));
});

describe('words that are harmless alone', () => {
  it('are found together, in any order, not far apart', () => {
    expect(judge('加微信了解代充业务')).toBe('block');
    expect(judge('代充业务,请加 vx 详谈')).toBe('block');
    expect(judge('加微信进群')).toBe('clean');
    expect(judge('手机代充已到账')).toBe('clean');
    expect(judge(`加微信${'甲乙'.repeat(40)}代充`)).toBe('clean');
  });
});

describe('what cannot be read', () => {
  it('holds a text that is longer than any push', () =>
    expect(rules.judge('好'.repeat(20_001))).toEqual({ is: 'hold', label: 'too-long' }));
  it('refuses a rule that would match everything', () =>
    expect(() => new LocalRules([{ label: 'ads', then: 'block', words: ['\u200b'] }])).toThrow(RangeError));
});

it('names other rules by another version, the same by the same', () => {
  expect(new LocalRules(ruleSets).version).toBe(rules.version);
  expect(new LocalRules(ruleSets.slice(1)).version).not.toBe(rules.version);
});

describe('a text made to take long', () => {
  const bytesMax = 16_384;
  const filled = (unit: string) => unit.repeat(Math.floor(bytesMax / Buffer.byteLength(unit)));
  const bombs: readonly (readonly [string, string])[] = [
    ['one letter with marks', `a${filled('\u0301')}`],
    ['alternating combining marks', `a${filled('\u0315\u0300')}`],
    ['zalgo', filled(`x${'\u0301\u0316\u0489'.repeat(12)}`)],
    ['the longest ligature', filled('\ufdfa')],
    ['joined emoji', filled('👨‍👩‍👧‍👦')],
    ['mathematical letters', filled('𝐟')],
    ['direction overrides', filled('\u202ea')],
    ['almost a rule, over and over', filled('代开发')],
    ['almost pinyin, over and over', filled('daikaifapia ')],
    ['digits', filled('1')],
    ['invisible characters', filled('\u200b')],
    ['rare characters', Array.from({ length: 4_000 }, (_, index) => String.fromCodePoint(0x20000 + index)).join('')],
  ];
  // How long it takes stands in the bench; what makes it long is how much it grows to, and that does not depend on the day.
  it.each(bombs)('grows no further than its longest letter can: %s', (_, text) => {
    expect(skeletonsOf(text).plain.length).toBeLessThanOrEqual([...text].length * longestFold);
    expect(['clean', 'hold', 'block']).toContain(rules.judge(text).is);
  });

  it.each(bombs)('twice as long, it comes to twice as much: %s', (_, text) => {
    const half = [...text].slice(0, Math.floor([...text].length / 2)).join('');
    const [whole, ofHalf] = [skeletonsOf(text).plain.length, skeletonsOf(half).plain.length];
    expect(whole).toBeLessThanOrEqual(2 * ofHalf + 2 * longestFold);
  });
});
