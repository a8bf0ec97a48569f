import { cleanName } from './clean-name';

describe('a name that people are shown', () => {
  it.each([
    ['  Ann   Lee ', 'Ann Lee'],
    ['张三', '张三'],
    ['Ａｎｎ', 'Ann'],
    ['🐼', '🐼'],
    ['👩‍🔧 维修 ❤️', '👩‍🔧 维修 ❤️'],
    ['می‌خواهم', 'می‌خواهم'],
    ['字'.repeat(50), '字'.repeat(50)],
  ])('%j is kept as %j', (name, kept) => expect(cleanName(name)).toBe(kept));

  it.each([
    '',
    '   ',
    '…',
    'Ann\u202eneB',
    'A\u200bnn',
    'A\u2066nn',
    '\u3164',
    `a${'\u0301'.repeat(9)}`,
    '\ue000a',
    '㍿'.repeat(49),
    '字'.repeat(51),
  ])('%j is refused', (name) =>
    expect(() => cleanName(name)).toThrow(expect.objectContaining({ code: 'request.invalid' }) as Error),
  );

  it('says which character is in the way, and where', () =>
    expect(() => cleanName('工单\u200b', 'appName')).toThrow(
      expect.objectContaining({
        detail: {
          errors: [{ path: 'appName', message: 'must not hold U+200B (character 3), which hides or reorders text' }],
        },
      }) as Error,
    ));
});
