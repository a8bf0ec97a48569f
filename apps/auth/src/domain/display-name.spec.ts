import { checkedDisplayName } from './display-name';

describe('how somebody is called', () => {
  it.each([
    ['  Ann   Lee ', 'Ann Lee'],
    ['张三', '张三'],
    ['Ａｎｎ', 'Ann'],
    ['🐼', '🐼'],
  ])('%j is kept as %j', (name, kept) => expect(checkedDisplayName(name)).toBe(kept));

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
  ])('%j is refused', (name) =>
    expect(() => checkedDisplayName(name)).toThrow(expect.objectContaining({ code: 'request.invalid' }) as Error),
  );
});
