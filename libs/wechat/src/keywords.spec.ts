import fc from 'fast-check';
import { fitKeyword } from './keywords';
import { piecesOf } from './text-check';

describe('a template keyword', () => {
  it.each([
    ['thing1', '备份完成', '备份完成'],
    ['thing1', `${'字'.repeat(20)}`, '字'.repeat(20)],
    ['thing1', `${'字'.repeat(22)}`, `${'字'.repeat(19)}…`],
    ['thing1', 'a\r\nb\tc', 'a b c'],
    ['thing1', '  ', '无'],
    ['thing01', '😀'.repeat(20), `${'😀'.repeat(9)}…`],
    ['thing1', '🇨🇳'.repeat(6), `${'🇨🇳'.repeat(4)}…`],
    ['number2', '约 3.5 个', '3.5'],
    ['number2', '', '0'],
    ['character_string3', '单号AB-12', 'AB-12'],
    ['character_string3', '单号', '-'],
    ['phrase4', '已派单 OK!', '已派单'],
    ['phrase4', '一二三四五六', '一二三四五'],
    ['phrase4', 'OK', '无'],
    ['name5', '张三丰'.repeat(4), '张三丰张三丰张三丰张'],
    ['name5', 'Alexander Hamilton Jr', 'Alexander Hamilton J'],
    ['time6', '2026年11月22日 09:30', '2026年11月22日 09:30'],
    ['amount7', '人民币￥12.50元', '￥12.50元'],
    ['phone_number8', '电话 +86 138-0000-0000 1', '+86 138-0000-0000'],
    ['letter9', 'a1b2', 'ab'],
    ['name01', '', '无'],
  ])('%s of %j is %j', (keyword, value, fitted) => {
    expect(fitKeyword(keyword, value)).toBe(fitted);
  });

  it.each(['', 'thing', 'nothing1', 'constructor1', '__proto__1', 'Thing1'])(
    'of no known kind (%j) is refused',
    (keyword) => {
      expect(fitKeyword(keyword, 'x')).toBeNull();
    },
  );

  it('always fits and is never empty, whatever the value', () => {
    const kinds = {
      thing1: 20,
      number1: 32,
      letter1: 32,
      symbol1: 5,
      character_string1: 32,
      phrase1: 5,
      name1: 20,
      car_number1: 8,
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(kinds)), fc.string({ unit: 'binary' }), ([keyword, max], value) => {
        const fitted = fitKeyword(keyword, value) ?? '';
        expect(fitted.length).toBeGreaterThan(0);
        expect(fitted.length).toBeLessThanOrEqual(max);
        expect(fitted).not.toMatch(/\p{Cc}/u);
        expect(fitted.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a long text', () => {
  /** The pieces put together again, each laid over the end of the one before. */
  const joined = (pieces: readonly string[]) =>
    pieces.reduce((whole, piece) => {
      const overlap = Array.from({ length: 700 }, (_, i) => 700 - i).find((size) =>
        whole.endsWith(piece.slice(0, size)),
      );
      expect([...piece.slice(0, overlap)].length).toBeGreaterThanOrEqual(200);
      return whole + piece.slice(overlap);
    });

  it('is cut into overlapping pieces that lose nothing and end in no half character', () => {
    const unit = (i: number) => (i % 7 === 0 ? '👩‍👩‍👧' : i % 11 === 0 ? ' ' : String.fromCodePoint(0x4e00 + i));
    const text = Array.from({ length: 4_000 }, (_, i) => unit(i)).join('');
    const pieces = piecesOf(text);
    expect(pieces.every((piece) => [...piece].length <= 2_500)).toBe(true);
    expect(joined(pieces)).toBe(text);
    for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/ $/);
    for (const piece of pieces) expect(piece).not.toMatch(/^\u200d|\u200d$/);
  });

  it('shows a long phrase whole in one of its pieces, wherever it stands', () => {
    const phrase = '代开发票加微信详谈价格从优长期有效欢迎来电咨询联系我们请加微信'.slice(0, 31);
    for (let offset = 2_460; offset <= 2_505; offset += 1) {
      const pieces = piecesOf(`${'字'.repeat(offset)}${phrase}${'字'.repeat(500)}`);
      expect(pieces.some((piece) => piece.includes(phrase))).toBe(true);
    }
  });

  it('of accents without end is still cut, and soon', () => {
    const pieces = piecesOf(`a${'\u0301'.repeat(16_000)}`);
    expect(pieces.every((piece) => [...piece].length <= 2_500)).toBe(true);
    expect(pieces.length).toBeLessThan(10);
  });

  it('of exactly one piece stays whole, an empty one has none', () => {
    expect(piecesOf('字'.repeat(2_500))).toHaveLength(1);
    expect(piecesOf('字'.repeat(2_501))).toHaveLength(2);
    expect(piecesOf('')).toEqual([]);
  });
});
