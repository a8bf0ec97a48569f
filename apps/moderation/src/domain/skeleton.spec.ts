import fc from 'fast-check';
import { skeletonsOf } from './skeleton';

const plain = (text: string) => {
  const { plain: skeleton } = skeletonsOf(text);
  return String.fromCharCode(...skeleton.units.subarray(0, skeleton.length));
};
const leet = (text: string) => {
  const { leet: skeleton } = skeletonsOf(text);
  return skeleton && String.fromCharCode(...skeleton.units.subarray(0, skeleton.length));
};

// `i` is written `l`, for the two are one stroke.
it.each([
  ['upper case', 'FaPlao', 'faplao'],
  ['full width', 'ｆａｐｌａｏ９', 'faplao9'],
  ['mathematical letters', '𝐟𝒶𝔭𝖑𝕒𝚘', 'faplao'],
  ['circled and squared letters', 'ⓕⒶ🄿🅻🅐🅾', 'faplao'],
  ['regional indicators', '🇫🇦🇵🇱🇦🇴', 'faplao'],
  ['Cyrillic and Greek letters', 'fарӏαο', 'faplao'],
  ['accents', 'fãpłáö', 'faplao'],
  ['piled marks', `f${'\u0301'.repeat(100)}a\u0336plao`, 'faplao'],
  ['zero-width characters, soft hyphens, joiners', 'f\u200ba\u200c\u00adp\u2060l\ufeffa\u200do', 'faplao'],
  ['tag characters and variation selectors', 'f\u{e0061}a\ufe0fp\u{e0100}lao', 'faplao'],
  ['bidirectional controls and Hangul fillers', 'f\u202ea\u2066p\u3164l\u115fao', 'faplao'],
  ['spaces, signs and emoji between letters', 'f a.p-l🙂a\n\to', 'faplao'],
  ['traditional characters', '代開發票', '代开发票'],
  ['compatibility characters and radicals', '⽊仓', '枪'],
  ['halves of characters', '木 仓支', '枪支'],
])('reads %s as their reader does', (_, text, read) => expect(plain(text)).toBe(read));

it('reads digits and signs as letters where there are any', () => {
  expect(plain('v1@gr4')).toBe('v1gr4');
  expect(leet('v1@gr4')).toBe('vlagra');
  expect(leet('viagra')).toBeNull();
});

it('reads every normalisation form of a text the same', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('é', 'ﷺ', '가', 'ǆ', 'Å', '\u0301', '\u0316', '\u{1d15e}', 'が', '豈', 'ẛ̣', '①', '代', 'i'),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
      const text = units.join('').toWellFormed();
      const read = plain(text);
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) expect(plain(text.normalize(form))).toBe(read);
    }),
    { numRuns: 2_000 },
  );
});
