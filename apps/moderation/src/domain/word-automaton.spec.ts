import fc from 'fast-check';
import { WordAutomaton } from './word-automaton';

const unitsOf = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
const search = (words: readonly string[], text: string) => {
  const found: string[] = [];
  const units = Uint16Array.from(unitsOf(text));
  new WordAutomaton(words.map(unitsOf)).search(units, units.length, (word, start, end) =>
    found.push(`${word}:${start}-${end}`),
  );
  return found.sort();
};

it('finds overlapping and nested words', () => {
  expect(search(['he', 'she', 'hers', 'his'], 'ushers')).toEqual(['0:2-4', '1:1-4', '2:2-6']);
});

it('looks no further than it is told', () => {
  const units = Uint16Array.from(unitsOf('abc'));
  const found: number[] = [];
  new WordAutomaton([unitsOf('abc'), unitsOf('ab')]).search(units, 2, (word) => found.push(word));
  expect(found).toEqual([1]);
});

it('finds exactly what looking everywhere for every word finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '代'), maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(letters, { maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '代', 'x'), maxLength: 60 }),
      (words, text) => {
        const everywhere = words.flatMap((word, index) =>
          unitsOf(text).flatMap((_, start) =>
            word !== '' && text.startsWith(word, start) ? [`${index}:${start}-${start + word.length}`] : [],
          ),
        );
        expect(search(words, text)).toEqual(everywhere.sort());
      },
    ),
  );
});
