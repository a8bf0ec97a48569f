import * as fc from 'fast-check';
import { HarkError } from '@hark/kernel';
import { checkedAppName } from './app-name';
import { confusables } from './confusables';
import { skeletonOf } from './name-skeleton';

const verified = ['Starling Pay', 'Zenith', 'Blue Kite', 'Nimbus Cloud', '报修助手', 'Hacker密码', 'Morning 早报'];
const alike = new Map<string, string[]>();
for (const [letter, seen] of confusables) alike.set(seen, [...(alike.get(seen) ?? []), letter]);
for (const [seen, letters] of [
  ['l', '1I|ı'],
  ['o', '0О'],
  ['i', 'l1ıＩ'],
  ['a', 'αа@'],
  ['s', '$ѕ'],
] as const) {
  alike.set(seen, [...(alike.get(seen) ?? []), ...letters]);
}
const more = process.env.HARK_LOOKALIKES;
/** Bold of Mathematical Alphanumeric Symbols. */
const boldA = 0x1d41a;

type Trick = (name: string, at: number, pick: number) => string;
const replaced = (name: string, at: number, by: (letter: string) => string) =>
  [...name].map((letter, index, all) => (index === at % all.length ? by(letter) : letter)).join('');
const inserted = (name: string, at: number, what: string) => {
  const letters = [...name];
  letters.splice(at % (letters.length + 1), 0, what);
  return letters.join('');
};
const of = <T>(list: readonly T[], pick: number): T => list[pick % list.length]!;
const invisibles = [
  ...'\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164\u115f\u180e\u202e\u2066\u200f\u061c\ufe0f\u{e0061}\u2800',
];
const tricks: Readonly<Record<string, Trick>> = {
  'a letter of another script': (name, at, pick) =>
    replaced(name, at, (letter) => of(alike.get(letter.toLowerCase()) ?? [letter], pick)),
  'something invisible or that turns the line': (name, at, pick) => inserted(name, at, of(invisibles, pick)),
  'a mark on a letter': (name, at, pick) => inserted(name, 1 + at, of([...'\u0301\u0308\u0323\u0336'], pick)),
  'other capitals': (name, at, pick) =>
    replaced(name, at, (letter) => (pick % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())),
  'a gap or a sign': (name, at, pick) => inserted(name, at, of([..." -._·\u00a0\u3000'’"], pick)),
  'a badge': (name, _, pick) => `${name} ${of(['✓', '✅', '☑️', '✔', '🅥', '®', '™', '⭐', '🔒', '💎', '🏅'], pick)}`,
  'another width or style': (name, at, pick) =>
    replaced(name, at, (letter) => {
      const code = letter.codePointAt(0)!;
      if (/[a-z]/.test(letter)) return String.fromCodePoint(pick % 2 === 0 ? code + 0xfee0 : code - 0x61 + boldA);
      return /[A-Z]/.test(letter) ? String.fromCodePoint(code + 0xfee0) : letter;
    }),
  'letters drawn together': (name) => name.replace(/m/g, 'rn').replace(/w/g, 'vv'),
};

/** Whether somebody may call their app so, beside a verified app of that name. */
function isTaken(name: string, beside: string): boolean {
  try {
    return skeletonOf(checkedAppName(name)) !== skeletonOf(beside);
  } catch (error) {
    if (error instanceof HarkError) return false;
    throw error;
  }
}

describe('a name that looks like a verified app’s', () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(tricks)), fc.nat(60), fc.nat(1_000));
  const lookalike = fc
    .tuple(fc.constantFrom(...verified), fc.array(step, { minLength: 1, maxLength: 4 }))
    .map(([beside, steps]) => ({
      beside,
      name: steps.reduce((name, [trick, at, pick]) => tricks[trick]!(name, at, pick), beside),
    }));

  it('is refused, five thousand times', () =>
    fc.assert(
      fc.property(lookalike, ({ name, beside }) => !isTaken(name, beside)),
      // More, and other ones: HARK_LOOKALIKES=200000.
      more === undefined ? { numRuns: 5_000, seed: 39 } : { numRuns: Number(more) },
    ));

  it.each(Object.keys(tricks))('is refused with %s anywhere in it', (trick) => {
    const names = verified.flatMap((beside) =>
      Array.from({ length: [...beside].length * 12 }, (_, n) => ({ beside, name: tricks[trick]!(beside, n, n) })),
    );
    expect(names.filter(({ name, beside }) => isTaken(name, beside))).toEqual([]);
  });

  it('is not what other names are', () => {
    for (const name of ['Starlight Pay', 'Zeniths', 'Kite', '报修系统', 'Evening 早报', 'Почта России']) {
      expect(verified.filter((beside) => !isTaken(name, beside))).toEqual([]);
    }
  });
});
