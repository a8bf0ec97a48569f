import { controlIn, hiddenIn } from './hidden-characters';

describe('what nobody sees of a text', () => {
  it.each([
    ['emoji that are joined', '👩‍🔧 维修 👨‍👩‍👧‍👦 🏳️‍🌈 🧑🏽‍💻'],
    ['emoji and signs in colour, or not', '❤️ ✔️ ☺︎ ©️ 1️⃣ #️⃣'],
    ['flags', '🇨🇳 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴‍☠️'],
    ['Persian', 'می‌خواهم'],
    ['Hindi and Sinhala', 'क्‍ष ශ්‍රී'],
    ['the form of a Japanese name', '葛\u{e0100}城'],
    ['Hebrew and Arabic without marks', 'שלום عليكم'],
    ['everything else', 'Hacker密码 Việt ¡Ñandú! C++'],
  ])('is nothing in %s', (_, text) => expect(hiddenIn(text)).toBeUndefined());

  it.each<[string, string, string]>([
    ['a zero-width space', '工单\u200b', 'U+200B (character 3)'],
    ['an override of the direction', '🐟\u202eb', 'U+202E (character 2)'],
    ['an isolate', '\u2066b', 'U+2066 (character 1)'],
    ['a mark of the direction', 'a\u200fb', 'U+200F (character 2)'],
    ['a joiner between letters that join nothing', 'a\u200db', 'U+200D (character 2)'],
    ['a non-joiner at the beginning', '\u200cمی', 'U+200C (character 1)'],
    ['a second joiner', 'می\u200c\u200cخ', 'U+200C (character 4)'],
    ['a joiner after the last emoji', '👩\u200d 维修', 'U+200D (character 2)'],
    ['a variant of a letter', 'a\ufe0f', 'U+FE0F (character 2)'],
    ['a second variant', '❤️\ufe0f', 'U+FE0F (character 3)'],
    ['letters in tags', '🏴\u{e0061}\u{e007f}', 'U+E0061 (character 2)'],
    ['a blank letter', 'a\u3164', 'U+3164 (character 2)'],
    ['blank Braille', 'a\u2800', 'U+2800 (character 2)'],
    ['a soft hyphen', 'a\u00adb', 'U+00AD (character 2)'],
    ['a byte order mark', '\ufeffa', 'U+FEFF (character 1)'],
  ])('is said of %s, and where', (_, text, which) =>
    expect(hiddenIn(text)).toBe(`must not hold ${which}, which hides or reorders text`),
  );

  it('is a control character, other than the line ends and tabs of a long text', () => {
    expect(controlIn('a\u0007', 'line')).toBe('must not hold the control character U+0007 (character 2)');
    expect(controlIn('🐟\nb', 'line')).toBe('must not hold the control character U+000A (character 2)');
    expect(controlIn('a\u2028', 'line')).toBe('must not hold the control character U+2028 (character 2)');
    expect(controlIn('a\r\n\tb', 'text')).toBeUndefined();
    expect(controlIn('a\n\u0085', 'text')).toBe('must not hold the control character U+0085 (character 3)');
  });
});
