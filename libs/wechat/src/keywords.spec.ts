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
  it('is cut into overlapping pieces that lose nothing', () => {
    const text = Array.from({ length: 6_000 }, (_, i) => (i % 7 === 0 ? '😀' : String.fromCodePoint(0x4e00 + i))).join(
      '',
    );
    const pieces = piecesOf(text);
    expect(pieces).toHaveLength(3);
    expect(pieces.every((piece) => [...piece].length <= 2_500)).toBe(true);
    const [first, ...others] = pieces as [string, ...string[]];
    expect(first + others.map((piece) => [...piece].slice(20).join('')).join('')).toBe(text);
    for (const [i, piece] of others.entries()) expect([...pieces[i]!].slice(-20)).toEqual([...piece].slice(0, 20));
  });

  it('of exactly one piece stays whole, an empty one has none', () => {
    expect(piecesOf('字'.repeat(2_500))).toHaveLength(1);
    expect(piecesOf('字'.repeat(2_501))).toHaveLength(2);
    expect(piecesOf('')).toEqual([]);
  });
});
