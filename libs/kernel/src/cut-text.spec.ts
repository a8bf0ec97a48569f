import fc from 'fast-check';
import { cutText, cutToLength, graphemes } from './cut-text';

const family = '👩‍👩‍👧‍👦';
const flag = '🇨🇳';
const accented = 'e\u0301';

describe('a text that is cut', () => {
  it.each([
    ['ab', 2, 'ab'],
    ['abc', 2, 'a…'],
    [`a${family}b`, 7, 'a…'],
    [`${family}${family}`, 8, `${family}…`],
    [`${flag}${flag}`, 3, `${flag}…`],
    [`x${accented}y`, 2, 'x…'],
    [`${accented}${accented}`, 3, `${accented}…`],
    ['字字字', 1, '…'],
  ])('%j to %i code points is %j', (text, max, cut) => {
    expect(cutToLength(text, max)).toBe(cut === '…' ? '' : cut);
  });

  it('never ends in half a character, and is as long as it may be', () => {
    const unit = fc.constantFrom('a', '字', family, flag, accented, '👍🏽', '\r\n');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 20 }), fc.integer({ min: 8, max: 30 }), (parts, max) => {
        const text = parts.join('');
        const cut = cutToLength(text, max);
        expect([...cut].length).toBeLessThanOrEqual(max);
        if (cut === text) return;
        const kept = graphemes(cut.slice(0, -1));
        expect(graphemes(text).slice(0, kept.length)).toEqual(kept);
        expect([...kept.join(''), ...(graphemes(text)[kept.length] ?? ''), '…'].length).toBeGreaterThan(max);
      }),
    );
  });

  it('gives something of a first character that is too long by itself', () => {
    expect(cutToLength(`a${'\u0301'.repeat(50)}b`, 4)).toBe('a\u0301\u0301…');
    expect(cutText('字', () => false)).toBe('');
  });
});
